// Improves pages that work without it. Events are listened to on the document, so that a part of
// the page replaced by htmx needs no second set-up.

// The plain file name, not the hashed one: it carries its version.
import { initAll } from "./vendor/govuk-frontend-6.6.0.min.js";

const TICKS = 'input[type="checkbox"][data-app-row]';

function showHowManyAreSelected() {
  const selected = document.querySelectorAll(`${TICKS}:checked`).length;
  for (const place of document.querySelectorAll("[data-app-selected]")) {
    place.textContent = selected ? `${selected} ${place.dataset.appSelected}` : "";
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-app-select-all]")) {
    for (const tick of document.querySelectorAll(TICKS)) {
      tick.checked = target.checked;
    }
  }
  showHowManyAreSelected();
});

// On a phone the filters would push the list out of sight: they start closed, unless in use.
const filters = document.querySelector("details[data-app-filter]");
if (filters && window.matchMedia("(max-width: 56em)").matches && !window.location.search) {
  filters.open = false;
}

document.body.addEventListener("htmx:afterSwap", ({ target }) => {
  initAll({ scope: target.isConnected ? target : document.body });
  showHowManyAreSelected();
});

initAll();
