"""Mails to referees, and mails to applicants about their referees."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applicants.names import name_of
from foundation.notifications.kinds import Audience, MessageKind
from foundation.notifications.models import OutgoingMessage
from foundation.ui.wording import day, deadline, moment
from referees import links, rules
from referees.models import STUCK, DeclineReason, Letter, ReferenceRequest, RequestState

SAMPLE_LINK = "https://apply.example.ac.uk/reference/the-link"


def _request(message: OutgoingMessage) -> ReferenceRequest:
    return ReferenceRequest.objects.select_related(
        "nominee", "application__intake__programme", "application__applicant"
    ).get(pk=message.context["request"])


def _facts(request: ReferenceRequest) -> dict[str, Any]:
    application = request.application
    return {
        "referee": request.writer,
        "applicant": name_of(application),
        "programme": application.intake.programme.title,
        "reference": application.reference,
        "personal_line": request.personal_line,
        "by": deadline(by) if (by := rules.expires_at(request)) else "",
        "asked_on": day(request.asked_at) if request.asked_at else "",
        "overview": settings.PUBLIC_URL
        + reverse("applicants:overview", args=[application.reference]),
        "referees": settings.PUBLIC_URL + reverse("referees:section", args=[application.reference]),
    }


def _build(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    return _facts(_request(message))


def _build_with_link(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    request = _request(message)
    return {**_facts(request), "link": links.mint(request)}


def _build_receipt(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    request = _request(message)
    letter = Letter.objects.get(pk=message.context["letter"])
    return {
        **_facts(request),
        "sent_at": moment(letter.sent_at),
        "replace_until": deadline((request.received_at or letter.sent_at) + rules.REPLACEMENT_TIME),
    }


def _build_declined(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    """The reason is the applicant's to know only as far as it helps them to name somebody else."""
    request = _request(message)
    named = request.decline_reason == DeclineReason.SOMEBODY_ELSE
    return {**_facts(request), "somebody_else": request.decline_note if named else ""}


def _is_waiting(message: OutgoingMessage, now: datetime) -> bool:
    request = _request(message)
    return request.status.is_waiting and rules.letters_wanted(request.application)


def _letter_is_wanted(message: OutgoingMessage, now: datetime) -> bool:
    request = _request(message)
    return request.state != RequestState.CANCELLED and rules.letters_wanted(request.application)


def _is_not_needed(message: OutgoingMessage, now: datetime) -> bool:
    request = _request(message)
    ended = not rules.letters_wanted(request.application)
    return ended or request.state == RequestState.CANCELLED


def _is_stuck(message: OutgoingMessage, now: datetime) -> bool:
    request = _request(message)
    return (
        request.status in STUCK
        and request.nominee.replaced_at is None
        and rules.letters_wanted(request.application)
    )


def _sample() -> dict[str, Any]:
    return {
        "referee": "Dr Helen Marsh",
        "applicant": "Amara Okafor",
        "programme": "MSc Machine Learning and Data Science",
        "reference": "MLDS-27-7F3K9Q",
        "personal_line": "Thank you for supervising my dissertation.",
        "by": "11:59pm on Sunday 14 February 2027 (UK time)",
        "asked_on": "10 January 2027",
        "overview": "https://apply.example.ac.uk/applications/MLDS-27-7F3K9Q/",
        "referees": "https://apply.example.ac.uk/applications/MLDS-27-7F3K9Q/referees/",
        "link": SAMPLE_LINK,
        "sent_at": "9:30am on 12 January 2027",
        "replace_until": "9:30am on Wednesday 13 January 2027 (UK time)",
        "somebody_else": "Professor Ada Byron, who supervised the dissertation",
    }


ASK = MessageKind(
    code="reference.ask",
    audience=Audience.REFEREE,
    description=_("When the applicant asks a referee, at the latest when they submit."),
    build=_build_with_link,
    still_wanted=_is_waiting,
    sample=_sample,
)
REMINDER = MessageKind(
    code="reference.reminder",
    audience=Audience.REFEREE,
    description=_(
        "7, 14, 21 and 28 days after asking, and when the applicant reminds by hand; at least 48 "
        "hours after the last mail, and only while the letter is wanted."
    ),
    build=_build_with_link,
    still_wanted=_is_waiting,
    sample=_sample,
)
NEW_LINK = MessageKind(
    code="reference.new_link",
    audience=Audience.REFEREE,
    description=_("When a referee whose link doesn’t work asks for a new one."),
    build=_build_with_link,
    still_wanted=_is_waiting,
    sample=_sample,
)
RECEIPT = MessageKind(
    code="reference.receipt",
    audience=Audience.REFEREE,
    description=_("When a referee sent a letter."),
    build=_build_receipt,
    sample=_sample,
)
LETTER_UNUSABLE = MessageKind(
    code="reference.letter_unusable",
    audience=Audience.REFEREE,
    description=_("When the file a referee sent did not pass its safety check."),
    build=_build_with_link,
    still_wanted=_is_waiting,
    sample=_sample,
)
NOT_NEEDED = MessageKind(
    code="reference.not_needed",
    audience=Audience.REFEREE,
    description=_(
        "When the applicant names somebody else, or the application ends, before a letter came."
    ),
    build=_build,
    still_wanted=_is_not_needed,
    sample=_sample,
)
ARRIVED = MessageKind(
    code="reference.arrived",
    audience=Audience.APPLICANT,
    description=_("When a referee sent a letter."),
    build=_build,
    still_wanted=_letter_is_wanted,
    sample=_sample,
)
SILENT = MessageKind(
    code="reference.silent",
    audience=Audience.APPLICANT,
    description=_("9 days after asking a referee who has not sent a letter."),
    build=_build,
    still_wanted=_is_waiting,
    sample=_sample,
)
STILL_SILENT = MessageKind(
    code="reference.still_silent",
    audience=Audience.APPLICANT,
    description=_("16 days after asking, with how to name another referee."),
    build=_build,
    still_wanted=_is_waiting,
    sample=_sample,
)
DECLINED = MessageKind(
    code="reference.declined",
    audience=Audience.APPLICANT,
    description=_("At once when a referee can’t write a letter."),
    build=_build_declined,
    still_wanted=_is_stuck,
    sample=_sample,
)
BOUNCED = MessageKind(
    code="reference.bounced",
    audience=Audience.APPLICANT,
    description=_("At once when the email to a referee did not arrive."),
    build=_build,
    still_wanted=_is_stuck,
    sample=_sample,
)
EXPIRED = MessageKind(
    code="reference.expired",
    audience=Audience.APPLICANT,
    description=_("At once when the time for a letter has passed without one."),
    build=_build,
    still_wanted=_is_stuck,
    sample=_sample,
)
ALL = (
    ASK,
    REMINDER,
    NEW_LINK,
    RECEIPT,
    LETTER_UNUSABLE,
    NOT_NEEDED,
    ARRIVED,
    SILENT,
    STILL_SILENT,
    DECLINED,
    BOUNCED,
    EXPIRED,
)
