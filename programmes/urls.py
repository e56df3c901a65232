"""Addresses of the catalogue and of the office's people."""

from django.urls import include, path

from programmes.views import catalogue

public = (
    [
        path("", catalogue.programme_list, name="list"),
        path("programmes/<slug:slug>/", catalogue.programme, name="programme"),
    ],
    "programmes",
)

urlpatterns = [
    path("", catalogue.programme_list, name="home"),
    path("", include(public)),
]
