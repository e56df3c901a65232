"""What the office writes by email. None of these says what was decided."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from admissions.models import LIVE_ASSIGNMENTS, Assignment, Offer, OfferState
from applicants.models import Application, ReviewClock
from foundation.notifications.kinds import Audience, MessageKind
from foundation.notifications.links import absolute
from foundation.notifications.models import OutgoingMessage
from foundation.ui.wording import day, deadline

#: Days before the end of the time to reply on which an applicant is reminded.
REMINDER_DAYS = (7, 1)


def _application(message: OutgoingMessage) -> Application:
    return Application.objects.select_related("applicant", "intake__programme").get(
        pk=message.context["application"]
    )


def _decision_url(application: Application) -> str:
    return absolute(reverse("admissions:decision", args=[application.reference]))


def _build_news(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    application = _application(message)
    return {
        "name": application.applicant.get_full_name(),
        "programme": application.intake.programme.title,
        "reference": application.reference,
        "link": absolute(reverse("applicants:overview", args=[application.reference])),
    }


def _sample_news() -> Mapping[str, Any]:
    return {
        "name": "Amara Okafor",
        "programme": "MSc Machine Learning and Data Science",
        "reference": "MLDS-27-7F3K9Q",
        "link": absolute("/applications/MLDS-27-7F3K9Q/"),
    }


DECISION_NEWS = MessageKind(
    code="decision.news",
    audience=Audience.APPLICANT,
    description=_(
        "When a decision has become visible. It says that there is news, never what was decided."
    ),
    build=_build_news,
    sample=_sample_news,
)


def _build_accepted(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    application = _application(message)
    return {**_build_news(message, now), "link": _decision_url(application)}


OFFER_ACCEPTED = MessageKind(
    code="offer.accepted_receipt",
    audience=Audience.APPLICANT,
    description=_("A receipt, when the applicant accepted an offer."),
    build=_build_accepted,
    sample=_sample_news,
)


def _build_reminder(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    offer = Offer.objects.get(pk=message.context["offer"])
    application = Application.objects.select_related("applicant", "intake__programme").get(
        pk=offer.application_id
    )
    return {
        "name": application.applicant.get_full_name(),
        "programme": application.intake.programme.title,
        "reference": application.reference,
        "reply_by": deadline(offer.reply_by_at),
        "link": _decision_url(application),
    }


def _reply_is_wanted(message: OutgoingMessage, now: datetime) -> bool:
    return Offer.objects.filter(
        pk=message.context["offer"], state=OfferState.LIVE, reply_by_at__gte=now
    ).exists()


def _sample_reminder() -> Mapping[str, Any]:
    return {**_sample_news(), "reply_by": deadline(datetime(2027, 5, 12, 22, 59, 59, tzinfo=UTC))}


OFFER_REMINDER = MessageKind(
    code="offer.reminder",
    audience=Audience.APPLICANT,
    description=_("7 days and 1 day before the time to reply ends, while there is no reply."),
    build=_build_reminder,
    still_wanted=_reply_is_wanted,
    sample=_sample_reminder,
)


def _build_assigned(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    assignment = Assignment.objects.select_related(
        "reviewer", "application__intake__programme"
    ).get(pk=message.context["assignment"])
    application = assignment.application
    return {
        "name": assignment.reviewer.get_full_name(),
        "programme": application.intake.programme.title,
        "reference": application.reference,
        "link": absolute(reverse("admissions:my_reviews")),
    }


def _is_still_assigned(message: OutgoingMessage, now: datetime) -> bool:
    return Assignment.objects.filter(
        pk=message.context["assignment"], state__in=LIVE_ASSIGNMENTS
    ).exists()


def _sample_assigned() -> Mapping[str, Any]:
    return {
        **_sample_news(),
        "name": "Dr Ingrid Solberg",
        "link": absolute("/office/reviews/"),
    }


REVIEW_ASSIGNED = MessageKind(
    code="review.assigned",
    audience=Audience.STAFF,
    description=_("When a file is given to a reviewer."),
    build=_build_assigned,
    still_wanted=_is_still_assigned,
    sample=_sample_assigned,
)

_MARKS = {
    "week_before": _("The target is a week away."),
    "target": _("The target has come."),
    "limit": _("The limit has come. Please tell the applicant when they can expect an answer."),
}


def _build_warning(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    application = _application(message)
    clock = ReviewClock.objects.get(application=application)
    return {
        "programme": application.intake.programme.title,
        "reference": application.reference,
        "what": _MARKS[message.context["mark"]],
        "target": day(clock.target_at),
        "limit": day(clock.limit_at),
        "link": absolute(reverse("admissions:file", args=[application.reference])),
    }


def _clock_still_runs(message: OutgoingMessage, now: datetime) -> bool:
    return ReviewClock.objects.filter(
        application=message.context["application"], stopped_at=None, paused_at=None
    ).exists()


def _sample_warning() -> Mapping[str, Any]:
    return {
        **_sample_news(),
        "what": _MARKS["week_before"],
        "target": "14 April 2027",
        "limit": "28 April 2027",
        "link": absolute("/office/files/MLDS-27-7F3K9Q/"),
    }


CLOCK_WARNING = MessageKind(
    code="clock.warning",
    audience=Audience.STAFF,
    description=_(
        "To the programme’s admissions officers: a week before a file’s target, at the target, and "
        "at the limit."
    ),
    build=_build_warning,
    still_wanted=_clock_still_runs,
    sample=_sample_warning,
)

ALL = (DECISION_NEWS, OFFER_ACCEPTED, OFFER_REMINDER, REVIEW_ASSIGNED, CLOCK_WARNING)
