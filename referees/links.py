"""Links for referees: a token in the address, exchanged by a button for a short session.

The token has 256 bits and is stored as a hash. Opening the link changes nothing, because mail
scanners open links too; the button's POST opens the request and cleans the address.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse
from django.utils import timezone

from referees.models import ReferenceLink, ReferenceRequest
from referees.rules import SESSION_TIME

TOKEN_BYTES = 32
_SESSION_KEY = "reference_request"
_SESSION_UNTIL = "reference_until"


def mint(request: ReferenceRequest) -> str:
    """A new link to a request, for one email. Links minted before go on working."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ReferenceLink.objects.create(request=request, token_hash=hash_of(token))
    return settings.PUBLIC_URL + reverse("referees:link", args=[token])


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def request_for(token: str) -> ReferenceRequest | None:
    """The request behind a token, whatever its state."""
    link = (
        ReferenceLink.objects.filter(token_hash=hash_of(token))
        .select_related(
            "request__nominee",
            "request__application__intake__programme",
            "request__application__applicant",
        )
        .first()
    )
    return link.request if link else None


def enter(session: SessionBase, request: ReferenceRequest, now: datetime) -> None:
    """Let this browser into one request for two hours. The session gets a new key."""
    session.cycle_key()
    session[_SESSION_KEY] = str(request.public_id)
    session[_SESSION_UNTIL] = (now + SESSION_TIME).isoformat()


def leave(session: SessionBase) -> None:
    session.pop(_SESSION_KEY, None)
    session.pop(_SESSION_UNTIL, None)


def current(session: SessionBase) -> ReferenceRequest | None:
    """The request this browser is in, if its two hours are not over."""
    public_id, until = session.get(_SESSION_KEY), session.get(_SESSION_UNTIL)
    if not public_id or not until or timezone.now() > datetime.fromisoformat(until):
        return None
    return (
        ReferenceRequest.objects.filter(public_id=UUID(public_id))
        .select_related(
            "nominee",
            "document",
            "application__intake__programme",
            "application__applicant",
        )
        .first()
    )
