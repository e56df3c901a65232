"""The kinds of event. Each room declares its own in `events.py` and registers them when it is ready.

A kind says who may ever see it (its audience), so that a page asks for the audience it serves and
can't show a reader what only finance may know.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class Audience(enum.StrEnum):
    APPLICANT = "applicant"
    READERS = "readers"
    OFFICE = "office"
    FINANCE = "finance"
    AUDIT = "audit"


@dataclass(frozen=True)
class EventKind:
    """`sentence` is what staff read; `applicant_sentence` replaces it for the applicant."""

    code: str
    sentence: Any
    audience: frozenset[Audience]
    applicant_sentence: Any = ""


_kinds: dict[str, EventKind] = {}


def register(*kinds: EventKind) -> None:
    for kind in kinds:
        if _kinds.get(kind.code, kind) != kind:
            raise ValueError(f"two kinds of event are called {kind.code}")
        _kinds[kind.code] = kind


def get(code: str) -> EventKind:
    return _kinds[code]


def all_kinds() -> Iterable[EventKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.code)


def codes_for(audience: Audience) -> list[str]:
    return [kind.code for kind in all_kinds() if audience in kind.audience]
