"""All addresses. Each room brings its own; the demo's exist in the embedded default alone."""

from importlib.util import find_spec

from django.urls import include, path

handler500 = "foundation.ui.views.server_error"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
for room in (
    "foundation.accounts",
    "foundation.notifications",
    "programmes",
    "applicants",
    "referees",
    "admissions",
):
    if find_spec(f"{room}.urls"):
        urlpatterns.append(path("", include(f"{room}.urls")))
