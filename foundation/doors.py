"""What every action is made of: who acts, one transaction, and a refusal that a person can read.

A *door* is a public action, the only way to change a state. It opens one durable transaction, so it
can never run inside another action's. A *step* is inner work: it runs inside a door's transaction
and says so when it does not.
"""

import enum
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """An action that can't be done now. `code` is stable, `sentence` is for the person who asked."""

    def __init__(self, code: str, sentence: Any, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class ActorKind(enum.StrEnum):
    PERSON = "person"
    REFEREE = "referee"
    TIMER = "timer"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Actor:
    """Who does something. `id` is a person's, or a reference request's when a referee acts by link.

    `acting_for` names the applicant when staff act for them, with `reason`; the applicant is told.
    """

    kind: ActorKind
    id: int | None = None
    name: str = ""
    acting_for: int | None = None
    reason: str = ""

    @classmethod
    def person(cls, person: Any, *, acting_for: Any = None, reason: str = "") -> "Actor":
        """A signed-in person. Acting for somebody else needs a reason."""
        if acting_for is not None and not reason.strip():
            raise ValueError("acting for somebody needs a reason")
        return cls(
            kind=ActorKind.PERSON,
            id=person.pk,
            acting_for=acting_for.pk if acting_for is not None else None,
            reason=reason,
        )

    @classmethod
    def referee(cls, request_id: int) -> "Actor":
        return cls(kind=ActorKind.REFEREE, id=request_id)

    @classmethod
    def timer(cls, name: str) -> "Actor":
        return cls(kind=ActorKind.TIMER, name=name)

    @classmethod
    def provider(cls, name: str) -> "Actor":
        return cls(kind=ActorKind.PROVIDER, name=name)

    @property
    def is_person(self) -> bool:
        return self.kind is ActorKind.PERSON


def door(action: Callable[P, R]) -> Callable[P, R]:
    """Make a function a public action: keyword-only `actor`, one durable transaction."""
    parameters = inspect.signature(action).parameters
    actor = parameters.get("actor")
    if actor is None or actor.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{action.__qualname__} is a door and needs a keyword-only `actor`")

    @functools.wraps(action)
    def opened(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(durable=True):
            return action(*args, **kwargs)

    return opened


def step(work: Callable[P, R]) -> Callable[P, R]:
    """Make a function inner work of a door: it refuses to run outside a transaction."""

    @functools.wraps(work)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        if not connection.in_atomic_block:
            raise RuntimeError(f"{work.__qualname__} is a step: call it inside a door")
        return work(*args, **kwargs)

    return inside
