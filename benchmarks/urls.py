"""The portal's addresses, and the floor's."""

from django.urls import include, path

from benchmarks.floor import floor

handler500 = "foundation.ui.views.server_error"

urlpatterns = [
    path("floor/", floor, name="floor"),
    path("", include("config.urls")),
]
