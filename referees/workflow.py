"""The workflow of a reference request: one table, and the one function that writes its state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.doors import Actor, Refused, step
from foundation.history.kinds import Audience, EventKind
from foundation.history.steps import Code, record
from referees.models import BEFORE_LETTER, WAITING, ReferenceRequest, RequestState

S = RequestState
EVERYBODY = frozenset({Audience.APPLICANT, Audience.READERS, Audience.OFFICE, Audience.AUDIT})


@dataclass(frozen=True)
class Transition:
    """From any of `sources` to `target`; `by` names who causes it, for people who read the table."""

    name: str
    sources: frozenset[RequestState]
    target: RequestState
    by: frozenset[str]
    sentence: Any

    @property
    def event(self) -> EventKind:
        return EventKind(f"reference.{self.name}", self.sentence, EVERYBODY)


def _transition(
    name: str,
    sources: set[RequestState] | frozenset[RequestState],
    target: RequestState,
    by: set[str],
    sentence: Any,
) -> Transition:
    return Transition(name, frozenset(sources), target, frozenset(by), sentence)


TRANSITIONS = (
    _transition(
        "ask",
        {S.DRAFT, S.DECLINED, S.BOUNCED, S.EXPIRED},
        S.ASKED,
        {"applicant", "consequence"},
        _("The referee was asked for a letter."),
    ),
    _transition(
        "open",
        {S.ASKED, S.BOUNCED},
        S.OPENED,
        {"referee"},
        _("The referee opened the link."),
    ),
    _transition("receive", BEFORE_LETTER, S.RECEIVED, {"referee"}, _("The referee sent a letter.")),
    _transition(
        "decline",
        BEFORE_LETTER,
        S.DECLINED,
        {"referee"},
        _("The referee can’t write a letter."),
    ),
    _transition(
        "bounce",
        WAITING,
        S.BOUNCED,
        {"consequence"},
        _("The email to the referee did not arrive."),
    ),
    _transition(
        "ask_again",
        {S.RECEIVED},
        S.ASKED,
        {"consequence"},
        _("The letter could not be used; the referee was asked to send it again."),
    ),
    _transition(
        "cancel",
        {S.DRAFT, S.ASKED, S.OPENED, S.DECLINED, S.BOUNCED, S.EXPIRED},
        S.CANCELLED,
        {"applicant", "consequence"},
        _("The request to this referee ended."),
    ),
    _transition(
        "expire",
        WAITING,
        S.EXPIRED,
        {"timer"},
        _("The time for this letter has passed."),
    ),
)
BY_NAME = {transition.name: transition for transition in TRANSITIONS}


@step
def move(
    request: ReferenceRequest,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, Code | list[str]] | None = None,
    text: str = "",
) -> None:
    """Take one transition. The caller holds the locks of the application and the request.

    Raises Refused `request_moved_on` when the request is no longer where this begins.
    """
    transition = BY_NAME[name]
    if request.status not in transition.sources:
        raise Refused(
            "request_moved_on",
            _("This request has moved on meanwhile: “%(state)s”.")
            % {"state": request.status.label},
            state=request.state,
        )
    source = request.state
    request.state = transition.target
    request.save(update_fields=["state"])
    record(
        transition.event,
        stream=request.application.public_id,
        actor=actor,
        at=now,
        data={
            **(data or {}),
            "position": request.nominee.position,
            "nominee": request.nominee_id,
            "from": source,
            "to": transition.target.value,
        },
        text=text,
    )
