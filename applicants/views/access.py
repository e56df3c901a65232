"""Who may open an applicant's page: its applicant, signed in. Everybody else gets the same 404."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applicants import queries
from applicants.models import Application
from applicants.steps.editing import moved_on
from foundation.doors import Refused
from foundation.ui import views as ui

P = ParamSpec("P")
OwnView = Callable[Concatenate[HttpRequest, Application, P], HttpResponseBase]


def own_application(view: OwnView[P]) -> Callable[..., Any]:
    """Give the view the application behind `reference`, loaded for its pages."""

    @functools.wraps(view)
    def found(
        request: HttpRequest, reference: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        person: Any = request.user
        application = queries.get_with_sections(person, reference)
        return view(request, application, *args, **kwargs)

    return login_required(found)


def own_draft(view: OwnView[P]) -> Callable[..., Any]:
    """As `own_application`; what is no draft any more is shown as it was submitted.

    A change that comes too late gets the page that says so.
    """

    @functools.wraps(view)
    def of_draft(
        request: HttpRequest,
        application: Application,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> HttpResponseBase:
        if not application.is_draft:
            if request.method in ("GET", "HEAD"):
                return redirect("applicants:check", application.reference)
            return refused(request, application, moved_on(application))
        return view(request, application, *args, **kwargs)

    return own_application(of_draft)


def refused(request: HttpRequest, application: Application, refusal: Refused) -> HttpResponse:
    """The page for what can't be done now, with the way back to the application."""
    return ui.refused(
        request,
        refusal,
        back_url=reverse("applicants:overview", args=[application.reference]),
        back_label=_("Go to your application"),
        template="applicant.html",
    )
