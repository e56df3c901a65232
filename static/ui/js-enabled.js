// Loaded before the page is drawn, so that nothing flickers: says that scripts run.
document.body.className += " js-enabled";
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.className += " govuk-frontend-supported";
}
