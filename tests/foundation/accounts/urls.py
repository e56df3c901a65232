"""The portal's addresses and two staff pages, to try the guards on."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from foundation.accounts.access import fresh_second_factor_required, staff_required


@staff_required
def office(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the office")


@fresh_second_factor_required
def release(request: HttpRequest) -> HttpResponse:
    return HttpResponse("released")


urlpatterns = [
    path("test/office/", office, name="test_office"),
    path("test/release/", release, name="test_release"),
    path("", include("config.urls")),
]
