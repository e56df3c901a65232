"""The kinds of message. Each room declares its own in `messages.py` and registers them when ready.

    REMINDER = MessageKind(
        code="referee.reminder",
        audience=Audience.REFEREE,
        lane=Lane.BULK,
        description=_("7, 14, 21 and 28 days after asking, while the letter is still wanted."),
        build=build_reminder,
        still_wanted=is_still_wanted,
        sample=sample_reminder,
    )

`build(message, now)` runs at delivery and returns the template's context: **plain values only**
(text, numbers, dates, lists and dicts of them). A text becomes one line; wrap words that may have
paragraphs in `Paragraphs`. Links and tokens are minted there, and a retry mints another.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.notifications.models import Lane, OutgoingMessage

__all__ = ["Audience", "Lane", "MessageKind", "Paragraphs", "all_kinds", "get", "register"]


class Audience(enum.StrEnum):
    ACCOUNT = "anyone with an account"
    APPLICANT = "applicant"
    REFEREE = "referee"
    STAFF = "staff"


class Paragraphs(str):
    """Words that keep their line breaks, such as a note an officer wrote."""

    __slots__ = ()


def always(message: OutgoingMessage, now: datetime) -> bool:
    return True


@dataclass(frozen=True)
class MessageKind:
    """`description` says when it is sent. The template is `email/<code>.txt` of the owning app."""

    code: str
    audience: Audience
    description: Any
    build: Callable[[OutgoingMessage, datetime], Mapping[str, Any]]
    sample: Callable[[], Mapping[str, Any]]
    lane: Lane = Lane.BULK
    still_wanted: Callable[[OutgoingMessage, datetime], bool] = always
    template: str = ""

    @property
    def template_name(self) -> str:
        return self.template or f"email/{self.code}.txt"


_kinds: dict[str, MessageKind] = {}


def register(*kinds: MessageKind) -> None:
    """Called from `AppConfig.ready`. A second kind with the same code is a mistake."""
    for kind in kinds:
        if _kinds.get(kind.code, kind) != kind:
            raise ValueError(f"two kinds of message are called {kind.code}")
        _kinds[kind.code] = kind


def get(code: str) -> MessageKind:
    """Raises KeyError for a code nobody registered."""
    return _kinds[code]


def all_kinds() -> Iterable[MessageKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.code)
