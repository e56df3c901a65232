"""A kind of message for tests, in the lane for bulk and in the one for sign-in."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from foundation.notifications import kinds, links
from foundation.notifications.kinds import Audience, Lane, MessageKind
from foundation.notifications.models import OutgoingMessage
from foundation.notifications.steps import enqueue

TEMPLATES = Path(__file__).parent / "templates"


def _build(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    """Mints a token: another at every attempt."""
    return {
        "name": "Zoë O'Brien-Łukasiewicz <b>",
        "link": links.absolute(f"/reference/{uuid4().hex}/"),
        "number": message.context.get("number", 0),
    }


def _still_wanted(message: OutgoingMessage, now: datetime) -> bool:
    return message.context.get("wanted", 1) == 1


def _sample() -> Mapping[str, Any]:
    return {"name": "Amara Okafor", "link": links.absolute("/reference/sample/"), "number": 7}


def _kind(code: str, lane: Lane) -> MessageKind:
    return MessageKind(
        code=code,
        audience=Audience.REFEREE,
        lane=lane,
        description="In tests.",
        build=_build,
        still_wanted=_still_wanted,
        sample=_sample,
        template="email/test.note.txt",
    )


NOTE = _kind("test.note", Lane.BULK)
ACCOUNT_NOTE = _kind("test.account_note", Lane.SIGN_IN)


def broken(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    raise ZeroDivisionError("the template of this kind is wrong")


BROKEN = MessageKind(
    code="test.broken",
    audience=Audience.STAFF,
    description="In tests: can't be rendered.",
    build=broken,
    sample=_sample,
    template="email/test.note.txt",
)
ALL = (NOTE, ACCOUNT_NOTE, BROKEN)


def install(settings: Any) -> None:
    """Make the kinds known and their template found, here or in a worker process."""
    first, *others = settings.TEMPLATES
    if TEMPLATES not in first["DIRS"]:
        settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], TEMPLATES]}, *others]
    kinds.register(*ALL)


def remove() -> None:
    for kind in ALL:
        kinds._kinds.pop(kind.code, None)


def queue(
    recipient: str = "ada@example.org", *, kind: MessageKind = NOTE, **context: int
) -> OutgoingMessage:
    """A queued note. Inside a transaction."""
    key = uuid4().hex
    enqueue(kind, recipient=recipient, context=context, dedupe_key=key)
    return OutgoingMessage.objects.get(dedupe_key=key)
