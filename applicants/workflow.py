"""The workflow of an application: one table, and the one function that writes `state`.

What a transition needs beyond its source state (an approved decision, an open condition) is checked
by the action of the room that owns it. `docs/workflow.md` is generated from this table.
"""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applicants import rules, signals
from applicants.models import Application
from applicants.states import OPEN, ApplicationState
from foundation.doors import Actor, ActorKind, Refused, step
from foundation.history.kinds import Audience, EventKind
from foundation.history.models import Event
from foundation.history.steps import Code, record
from programmes.roles import Role

S = ApplicationState


class By(enum.StrEnum):
    """Who may cause a transition, besides the staff roles."""

    APPLICANT = "applicant"
    TIMER = "timer"
    CONSEQUENCE = "consequence"
    """Follows from whatever met the last need, whoever did that."""


@dataclass(frozen=True)
class Transition:
    """From any of `sources` to one of `targets`, caused by one of `by`."""

    name: str
    sources: frozenset[ApplicationState]
    targets: frozenset[ApplicationState]
    by: frozenset[str]
    sentence: Any
    audience: frozenset[Audience]
    applicant_sentence: Any = ""

    @property
    def event(self) -> EventKind:
        return EventKind(
            f"application.{self.name}",
            self.sentence,
            self.audience,
            self.applicant_sentence,
        )


EVERYBODY = frozenset({Audience.APPLICANT, Audience.READERS, Audience.OFFICE, Audience.AUDIT})
INSIDE = frozenset({Audience.READERS, Audience.OFFICE, Audience.AUDIT})
HEAD = Role.HEAD_OF_ADMISSIONS
OFFICER = Role.ADMISSIONS_OFFICER
DIRECTOR = Role.PROGRAMME_DIRECTOR


def _transition(
    name: str,
    sources: set[ApplicationState] | frozenset[ApplicationState],
    targets: set[ApplicationState],
    by: set[str],
    sentence: Any,
    *,
    audience: frozenset[Audience] = EVERYBODY,
    to_applicant: Any = "",
) -> Transition:
    return Transition(
        name,
        frozenset(sources),
        frozenset(targets),
        frozenset(by),
        sentence,
        audience,
        to_applicant,
    )


TRANSITIONS = (
    _transition(
        "submit",
        {S.DRAFT, S.EXPIRED},
        {S.SUBMITTED},
        {By.APPLICANT},
        _("The applicant submitted the application."),
        to_applicant=_("You submitted your application."),
    ),
    _transition(
        "complete",
        {S.SUBMITTED},
        {S.IN_REVIEW},
        {By.CONSEQUENCE},
        _("Everything has arrived: the file is complete and the review clock runs."),
        to_applicant=_("Everything has arrived. Your application is complete."),
    ),
    _transition(
        "request_information",
        {S.IN_REVIEW},
        {S.INFORMATION_REQUESTED},
        {OFFICER},
        _("The office asked the applicant for something. The clock is paused."),
        to_applicant=_("We asked you for something. The clock is paused."),
    ),
    _transition(
        "resume",
        {S.INFORMATION_REQUESTED},
        {S.IN_REVIEW},
        {By.APPLICANT, OFFICER, By.TIMER},
        _("What was asked for came, or an officer went on without it. The clock runs again."),
        to_applicant=_("The clock of your application runs again."),
    ),
    _transition(
        "approve",
        {S.IN_REVIEW},
        {S.DECIDED},
        {DIRECTOR, HEAD},
        _("A director approved the decision. It is not visible to the applicant yet."),
        audience=INSIDE,
    ),
    _transition(
        "take_back",
        {S.DECIDED},
        {S.IN_REVIEW},
        {DIRECTOR, HEAD},
        _("The approved decision was taken back before it became visible."),
        audience=INSIDE,
    ),
    _transition(
        "make_visible",
        {S.DECIDED},
        {S.OFFERED, S.WAITLISTED, S.REJECTED},
        {By.TIMER},
        _("The released decision became visible to the applicant."),
        to_applicant=_("We made a decision about your application."),
    ),
    _transition(
        "accept",
        {S.OFFERED},
        {S.ACCEPTED, S.ADMITTED},
        {By.APPLICANT},
        _("The applicant accepted the offer."),
        to_applicant=_("You accepted the offer."),
    ),
    _transition(
        "confirm",
        {S.ACCEPTED},
        {S.ADMITTED},
        {OFFICER, By.CONSEQUENCE},
        _("Every condition is met or waived: the place is confirmed."),
        to_applicant=_("Your place is confirmed."),
    ),
    _transition(
        "decline",
        {S.OFFERED},
        {S.DECLINED},
        {By.APPLICANT},
        _("The applicant declined the offer."),
        to_applicant=_("You declined the offer."),
    ),
    _transition(
        "lapse",
        {S.OFFERED},
        {S.LAPSED},
        {By.TIMER},
        _("The time to reply to the offer passed."),
        to_applicant=_("The time to reply to the offer passed."),
    ),
    _transition(
        "withdraw",
        OPEN,
        {S.WITHDRAWN},
        {By.APPLICANT},
        _("The applicant withdrew."),
        to_applicant=_("You withdrew your application."),
    ),
    _transition(
        "expire",
        {S.DRAFT},
        {S.EXPIRED},
        {By.TIMER},
        _("The intake closed before the application was submitted."),
        to_applicant=_("Applications closed before you submitted."),
    ),
    _transition(
        "close_incomplete",
        {S.SUBMITTED},
        {S.INCOMPLETE},
        {OFFICER, HEAD},
        _("An officer closed the file because something never came."),
        to_applicant=_("We closed your application because something never came."),
    ),
    _transition(
        "withdraw_offer",
        {S.OFFERED, S.ACCEPTED, S.ADMITTED, S.DEFERRED},
        {S.OFFER_WITHDRAWN},
        {DIRECTOR, HEAD},
        _("The offer was withdrawn, with a reason."),
        to_applicant=_("The offer was withdrawn."),
    ),
    _transition(
        "reconsider",
        {S.ACCEPTED, S.REJECTED, S.WAITLISTED, S.OFFER_WITHDRAWN},
        {S.IN_REVIEW},
        {HEAD},
        _("A head of admissions opened the decision again, with a reason."),
        to_applicant=_("We are looking at your application again."),
    ),
    _transition(
        "renew",
        {S.LAPSED},
        {S.OFFERED},
        {OFFICER, HEAD},
        _("The lapsed offer was renewed."),
        to_applicant=_("Your offer was renewed."),
    ),
    _transition(
        "defer",
        {S.ACCEPTED, S.ADMITTED},
        {S.DEFERRED},
        {DIRECTOR, HEAD},
        _("The place was moved to a later intake."),
        to_applicant=_("Your place was moved to a later intake."),
    ),
    _transition(
        "take_up",
        {S.DEFERRED},
        {S.ACCEPTED, S.ADMITTED},
        {OFFICER, HEAD},
        _("The deferred place was taken up."),
        to_applicant=_("Your deferred place was taken up."),
    ),
    _transition(
        "reopen",
        {S.INCOMPLETE},
        {S.SUBMITTED},
        {OFFICER, HEAD},
        _("The file that was closed as incomplete was opened again."),
        to_applicant=_("Your application was opened again."),
    ),
    _transition(
        "reinstate",
        {S.WITHDRAWN},
        {S.SUBMITTED},
        {OFFICER, HEAD},
        _("The withdrawn application was reinstated; its absence counts as a pause."),
        to_applicant=_("Your application was reinstated."),
    ),
)
BY_NAME = {transition.name: transition for transition in TRANSITIONS}


@step
def move(
    application: Application,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    to: ApplicationState | None = None,
    data: dict[str, Code | list[str]] | None = None,
    text: str = "",
) -> Event:
    """Take one transition. The caller holds the application's lock and has checked its own needs.

    Raises Refused `moved_on` when the state has changed meanwhile (somebody else was faster), and
    `not_allowed` when the actor may not cause it. Sends `signals.moved` in the same transaction.
    """
    transition = BY_NAME[name]
    source = application.status
    if source not in transition.sources:
        raise Refused(
            "moved_on",
            _("This application has moved on meanwhile: it is now “%(state)s”.")
            % {"state": source.label},
            state=source.value,
        )
    target = to if to is not None else _only(transition.targets)
    if target not in transition.targets:
        raise ValueError(f"{name} does not lead to {target}")
    _check_actor(transition, application, actor)
    application.state = target
    application.state_changed_at = now
    application.save(update_fields=["state", "state_changed_at"])
    event = record(
        transition.event,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={**(data or {}), "from": source.value, "to": target.value},
        text=text,
    )
    signals.moved.send(
        Application,
        application=application,
        transition=name,
        source=source,
        actor=actor,
        now=now,
    )
    return event


def _only(targets: frozenset[ApplicationState]) -> ApplicationState:
    (target,) = targets
    return target


def _check_actor(transition: Transition, application: Application, actor: Actor) -> None:
    """A transition's `by` holds here too, whatever an action forgot to check."""
    if By.CONSEQUENCE in transition.by:
        return
    if actor.kind is ActorKind.TIMER:
        allowed = By.TIMER in transition.by
    elif actor.is_person:
        allowed = rules.may_cause(transition.by, application, actor)
    else:
        allowed = False
    if not allowed:
        raise Refused("not_allowed", _("You are not allowed to do this."))
