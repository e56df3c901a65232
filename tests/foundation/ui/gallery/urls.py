"""The addresses that the layouts link to, so that the gallery needs none of the rooms."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path

ACCOUNT_PAGES = ("account", "privacy", "terms", "accessibility", "cookies", "referee_notice")


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def _room(name: str, *pages: str) -> tuple[list[URLPattern], str]:
    return ([path(f"{name}/{page}/", nothing, name=page) for page in pages], name)


urlpatterns = [
    path("", nothing, name="home"),
    path("sign-in/", nothing, name="account_login"),
    path("sign-out/", nothing, name="account_logout"),
    path("", include(_room("accounts", *ACCOUNT_PAGES))),
    path("", include(_room("applicants", "mine"))),
    path("", include(_room("admissions", "queue", "reviews", "reports"))),
    path("", include(_room("notifications", "mailbox"))),
]
