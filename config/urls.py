"""All addresses. Each room brings its own; the demo's exist in the embedded default alone."""

from importlib.util import find_spec

from django.urls import include, path

from config import health

handler500 = "foundation.ui.views.server_error"

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("accounts/", include("foundation.accounts.allauth_urls")),
]
ROOMS = (
    "foundation.accounts",
    "foundation.notifications",
    "programmes",
    "applicants",
    "applicants.fees",
    "referees",
    "admissions",
)
urlpatterns += [path("", include(f"{room}.urls")) for room in ROOMS if find_spec(f"{room}.urls")]
