"""What the office's pages share."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from admissions import queries
from admissions.rules import FILE_ROLES
from applicants.models import Application
from applicants.rules import works_on
from foundation.accounts.models import Person
from foundation.doors import Actor, Refused
from foundation.ui.views import refused
from programmes.access import role_required
from programmes.roles import Role

LAYOUT = "staff.html"
#: Everybody who may reach some file: of their programmes, or assigned to them.
FILE_READERS = (*FILE_ROLES, Role.REVIEWER)

View = Callable[..., HttpResponseBase]


def person_of(request: HttpRequest) -> Person:
    """Who asks, on a page that needs a sign-in."""
    return cast("Person", request.user)


def actor_of(request: HttpRequest) -> Actor:
    return Actor.person(person_of(request))


def file_page(*roles: Role, whole: bool = False) -> Callable[[View], View]:
    """A page of one file: `view(request, application, now)`. Out of reach is a 404.

    `whole` loads the file with all that `presenting.file_page_of` shows.
    """

    def decorate(view: View) -> View:
        @role_required(*(roles or FILE_READERS))
        @wraps(view)
        def found(
            request: HttpRequest, reference: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            person = person_of(request)
            application = queries.get_file(person, reference, whole=whole)
            if roles and not works_on(person, application, *roles):
                # Reaches the file by another role, and has this one for another programme.
                raise Http404
            return view(request, application, timezone.now(), *args, **kwargs)

        return found

    return decorate


def file_url(application: Application) -> str:
    return reverse("admissions:file", args=[application.reference])


def cannot(request: HttpRequest, refusal: Refused, application: Application) -> HttpResponse:
    """The page for an action that can't be done now, with the way back to the file."""
    return refused(
        request,
        refusal,
        back_url=file_url(application),
        back_label=_("Back to the file"),
        template=LAYOUT,
    )
