"""Who gets in: staff pages need a second factor in this very session, not merely an enrolled one.

The records of how somebody signed in are django-allauth's and live in the session. A password alone,
a trusted browser or a factor enrolled elsewhere count for nothing here.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from foundation.accounts.models import Person

View = Callable[..., HttpResponseBase]


def staff_required(view: View) -> View:
    """Only for staff who gave their second factor in this session; others are led to do so.

    Someone who is signed in but no member of staff gets a 403 with a sentence.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _stop(request) or view(request, *args, **kwargs)

    return guarded


def fresh_second_factor_required(view: View) -> View:
    """As `staff_required`, and the second factor was given moments ago: to approve, to release.

    Moments are ACCOUNT_REAUTHENTICATION_TIMEOUT seconds. A sign-in with the second factor counts.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stopped = _stop(request)
        if stopped is None and not gave_second_factor_recently(request):
            stopped = _to("mfa_reauthenticate", request)
        return stopped or view(request, *args, **kwargs)

    return guarded


def _stop(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return _to(settings.LOGIN_URL, request)
    person: Any = request.user
    if not person.is_staff_member:
        raise PermissionDenied(_("This page is for members of staff."))
    if gave_second_factor(request):
        return None
    return _to(
        "mfa_reauthenticate" if has_second_factor(person) else "mfa_activate_totp",
        request,
    )


def has_second_factor(person: Person) -> bool:
    """True when an authenticator app is set up. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def _second_factor_records(request: HttpRequest) -> list[dict[str, Any]]:
    person: Any = request.user
    records = get_authentication_records(request, person if person.is_authenticated else None)
    return [record for record in records if record.get("method") == "mfa"]


def gave_second_factor(request: HttpRequest) -> bool:
    """True when the second factor was given in this session."""
    return bool(_second_factor_records(request))


def gave_second_factor_recently(request: HttpRequest) -> bool:
    return any(_is_recent(record) for record in _second_factor_records(request))


def proved_identity_recently(request: HttpRequest) -> bool:
    """True when this session's sign-in, or a later proof, is recent enough to change the account.

    With a second factor set up only that counts: a password alone can't take the factor away.
    """
    person: Any = request.user
    if not person.is_authenticated:
        return False
    if has_second_factor(person):
        return gave_second_factor_recently(request)
    return any(_is_recent(record) for record in get_authentication_records(request, person))


def _is_recent(record: dict[str, Any]) -> bool:
    age: float = time.time() - record["at"]
    return age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def forget_second_factor(request: HttpRequest) -> None:
    """The second factor of this session no longer counts: its authenticator was taken away."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != "mfa"
    ]


def _to(url_name: str, request: HttpRequest) -> HttpResponseRedirect:
    query = urlencode({REDIRECT_FIELD_NAME: _way_back(request)})
    return HttpResponseRedirect(f"{reverse(url_name)}?{query}")


def _way_back(request: HttpRequest) -> str:
    """This page; after a POST, which can't be repeated, the page it came from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return reverse("accounts:landing")
