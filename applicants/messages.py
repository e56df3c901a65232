"""Mails to applicants about their own application. The decision is another room's to tell."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applicants import queries
from applicants.models import Application
from applicants.names import name_of
from applicants.promise import promise_to
from applicants.states import ApplicationState
from applicants.steps.clock import institution_zone
from applicants.waiting import still_open
from foundation.clock.deadlines import days_left
from foundation.doors import Actor, step
from foundation.history.models import Event
from foundation.notifications.kinds import Audience, MessageKind, Paragraphs
from foundation.notifications.models import OutgoingMessage
from foundation.notifications.steps import enqueue
from foundation.ui import wording

SAMPLE_URL = "https://apply.example.ac.uk/applications/MLDS-27-7F3K9Q/"


def _application(message: OutgoingMessage) -> Application:
    return queries.with_sections(Application.objects.all()).get(pk=message.context["application"])


def _facts(application: Application) -> dict[str, Any]:
    intake = application.intake
    return {
        "name": name_of(application),
        "programme": intake.programme.title,
        "intake": intake.label,
        "reference": application.reference,
        "target_weeks": intake.target_weeks,
        "limit_weeks": intake.limit_weeks,
        "url": settings.PUBLIC_URL + reverse("applicants:overview", args=[application.reference]),
        "mine_url": settings.PUBLIC_URL + reverse("applicants:mine"),
    }


def _build(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    return _facts(_application(message))


def _build_submitted(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    application = _application(message)
    return {
        **_facts(application),
        "waiting": [
            f"{waiting.what} ({str(waiting.holder_label).lower()})"
            for waiting in still_open(application)
        ],
    }


def _build_complete(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    """The dates as they stand at delivery; a paused clock has none."""
    application = _application(message)
    promise = promise_to(application, now)
    target = promise.target_at if promise is not None else None
    limit = promise.limit_at if promise is not None else None
    return {
        **_facts(application),
        "completed_on": wording.day(promise.completed_at) if promise else "",
        "target": wording.day(target) if target else "",
        "limit": wording.day(limit) if limit else "",
    }


def _build_reminder(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    application = _application(message)
    closes_at = application.intake.closes_at
    assert closes_at is not None  # only an intake that closes is reminded of
    return {
        **_facts(application),
        "deadline": wording.deadline(closes_at),
        "days": days_left(now, closes_at, zone=institution_zone()),
    }


def _build_acted_for(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    event = Event.objects.select_related("text").get(pk=message.context["event"])
    text = getattr(event, "text", None)
    return {
        **_facts(_application(message)),
        "reason": Paragraphs(text.body if text is not None else ""),
    }


def _is(state: ApplicationState) -> Callable[[OutgoingMessage, datetime], bool]:
    """Wanted only while the application is in this state: nobody is told what no longer holds."""

    def still(message: OutgoingMessage, now: datetime) -> bool:
        return Application.objects.filter(pk=message.context["application"], state=state).exists()

    return still


def _is_being_read(message: OutgoingMessage, now: datetime) -> bool:
    application = _application(message)
    return promise_to(application, now) is not None


def _may_still_submit(message: OutgoingMessage, now: datetime) -> bool:
    application = _application(message)
    return application.is_draft and application.intake.is_open_at(now)


def _sample() -> dict[str, Any]:
    return {
        "name": "Amara Njoroge",
        "programme": "MSc Machine Learning and Data Science",
        "intake": "Autumn 2027",
        "reference": "MLDS-27-7F3K9Q",
        "target_weeks": 6,
        "limit_weeks": 8,
        "url": SAMPLE_URL,
        "mine_url": "https://apply.example.ac.uk/applications/",
        "waiting": ["Dr Helen Marsh’s letter (waiting for your referee)"],
        "completed_on": "3 March 2027",
        "target": "14 April 2027",
        "limit": "28 April 2027",
        "deadline": "11:59pm on Monday 30 November 2026 (UK time)",
        "days": 14,
        "reason": Paragraphs("You asked us by telephone to correct the date of your degree."),
    }


SUBMITTED = MessageKind(
    code="application.submitted",
    audience=Audience.APPLICANT,
    description=_("When an applicant submits and something is still to come from others."),
    build=_build_submitted,
    still_wanted=_is(ApplicationState.SUBMITTED),
    sample=_sample,
)
COMPLETE = MessageKind(
    code="application.complete",
    audience=Audience.APPLICANT,
    description=_("When the last thing has arrived and the review clock starts, with its dates."),
    build=_build_complete,
    still_wanted=_is_being_read,
    sample=_sample,
)
DRAFT_REMINDER = MessageKind(
    code="application.draft_reminder",
    audience=Audience.APPLICANT,
    description=_("14 and 3 days before an intake closes, while the application is a draft."),
    build=_build_reminder,
    still_wanted=_may_still_submit,
    sample=_sample,
)
EXPIRED = MessageKind(
    code="application.expired",
    audience=Audience.APPLICANT,
    description=_("When an intake closed before the application was submitted."),
    build=_build,
    still_wanted=_is(ApplicationState.EXPIRED),
    sample=_sample,
)
WITHDRAWN = MessageKind(
    code="application.withdrawn",
    audience=Audience.APPLICANT,
    description=_("When an applicant withdrew."),
    build=_build,
    still_wanted=_is(ApplicationState.WITHDRAWN),
    sample=_sample,
)
FILE_UNUSABLE = MessageKind(
    code="application.file_unusable",
    audience=Audience.APPLICANT,
    description=_("When a submitted file turns out to be infected or can’t be checked."),
    build=_build,
    still_wanted=_is(ApplicationState.SUBMITTED),
    sample=_sample,
)
ACTED_FOR = MessageKind(
    code="application.acted_for",
    audience=Audience.APPLICANT,
    description=_("When staff changed something for an applicant, with the reason."),
    build=_build_acted_for,
    sample=_sample,
)
ALL = (SUBMITTED, COMPLETE, DRAFT_REMINDER, EXPIRED, WITHDRAWN, FILE_UNUSABLE, ACTED_FOR)


@step
def tell(application: Application, kind: MessageKind, *, occasion: str = "") -> None:
    """Queue a mail to the applicant; one of a kind for each occasion."""
    enqueue(
        kind,
        recipient=application.applicant.email,
        context={"application": application.pk},
        dedupe_key=f"{kind.code}:{application.public_id}:{occasion}",
    )


@step
def tell_if_acted_for(application: Application, event: Event, *, actor: Actor) -> None:
    """Staff who act for an applicant never do so unseen."""
    if actor.acting_for is None:
        return
    enqueue(
        ACTED_FOR,
        recipient=application.applicant.email,
        context={"application": application.pk, "event": event.pk},
        dedupe_key=f"{ACTED_FOR.code}:{event.pk}",
    )
