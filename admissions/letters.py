"""Decision letters: paragraphs with a closed list of {placeholders}, one set for each outcome.

Filled from a dict of strings and escaped by the page they stand on: never Django templates, never
`str.format`, so that words which staff edit can't reach anything.
"""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admissions.models import Decision, Outcome
from foundation.ui.wording import day

PLACEHOLDERS = frozenset(
    {"name", "reference", "programme", "intake", "entry", "reply_days", "institution", "contact"}
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

PARAGRAPHS: dict[Outcome, tuple[str, ...]] = {
    Outcome.OFFER: (
        gettext_noop("Dear {name},"),
        gettext_noop(
            "Thank you for applying to {programme}. We are delighted to offer you a place for "
            "{intake}, starting {entry}."
        ),
    ),
    Outcome.WAITLIST: (
        gettext_noop("Dear {name},"),
        gettext_noop(
            "Thank you for applying to {programme}, {intake}. We read your application with care. "
            "We can’t offer you a place now, but we would like to keep you on our waiting list."
        ),
        gettext_noop(
            "If a place becomes free, we will look at your application again and write to you. You "
            "need not do anything, and you can leave the list at any time on the page of your "
            "application."
        ),
    ),
    Outcome.REJECT: (
        gettext_noop("Dear {name},"),
        gettext_noop(
            "Thank you for applying to {programme}, {intake}, and for the work you put into it. At "
            "least two people have looked at your application and at what came with it, and we are "
            "sorry to say that we can’t offer you a place."
        ),
        gettext_noop(
            "You can apply again for a later intake. If you think that something went wrong in the "
            "way your application was dealt with, write to {contact}."
        ),
    ),
}
CONDITIONS_FOLLOW = gettext_noop("Your offer depends on these conditions:")
UNCONDITIONAL = gettext_noop("Your offer is unconditional.")
HOW_TO_REPLY = gettext_noop(
    "Please accept or decline within {reply_days} days of the day on which this letter was made "
    "available to you. The exact date and time are on the page of your application. If we don’t "
    "hear from you by then, the offer lapses."
)
CLOSING = gettext_noop("With best wishes,")
SIGNATURE = gettext_noop("Admissions, {institution}")


class UnknownPlaceholder(ValueError):
    """A paragraph asks for something that letters don't have."""


def check(paragraph: str) -> None:
    """Raise UnknownPlaceholder for a placeholder that is not on the list, or a brace that is none."""
    for name in _PLACEHOLDER.findall(paragraph):
        if name not in PLACEHOLDERS:
            raise UnknownPlaceholder(name)
    if re.search(r"[{}]", _PLACEHOLDER.sub("", paragraph)):
        raise UnknownPlaceholder(paragraph)


def fill(paragraph: str, facts: Mapping[str, str]) -> str:
    """A paragraph with its placeholders replaced, once: what is filled in is never read again."""
    check(paragraph)
    return _PLACEHOLDER.sub(lambda match: facts[match.group(1)], paragraph)


def facts_of(decision: Decision) -> dict[str, str]:
    """What the placeholders stand for in one decision's letter."""
    application = decision.application
    intake = application.intake
    details = getattr(application, "personal_details", None)
    name = details.legal_name if details else application.applicant.get_full_name()
    return {
        "name": name,
        "reference": application.reference,
        "programme": intake.programme.title,
        "intake": intake.label,
        "entry": intake.entry_text,
        "reply_days": str(settings.OFFER_REPLY_DAYS),
        "institution": settings.INSTITUTION["name"],
        "contact": settings.INSTITUTION["contact_email"],
    }


def body_of(decision: Decision) -> list[str]:
    """The letter's paragraphs above its conditions, filled."""
    facts = facts_of(decision)
    paragraphs = [fill(_(text), facts) for text in PARAGRAPHS[decision.result]]
    note = decision.note_to_applicant.strip()
    return paragraphs + [part.strip() for part in note.split("\n\n") if part.strip()]


def after_of(decision: Decision) -> list[str]:
    """What stands under the conditions: how to reply."""
    if decision.outcome != Outcome.OFFER:
        return []
    return [fill(_(HOW_TO_REPLY), facts_of(decision))]


def conditions_of(decision: Decision) -> list[str]:
    """The conditions, each with its day."""
    return [
        _("%(text)s (by %(day)s)") % {"text": condition.text, "day": day(condition.due_on)}
        if condition.due_on
        else condition.text
        for condition in decision.conditions.all()
    ]


def context_of(decision: Decision) -> dict[str, object]:
    """Everything the letter's template shows, as plain words."""
    conditions = conditions_of(decision) if decision.outcome == Outcome.OFFER else []
    return {
        "title": _("Your application for %(programme)s")
        % {"programme": decision.application.intake.programme.title},
        "reference": decision.application.reference,
        "dated": decision.approved_at,
        "body": body_of(decision),
        "conditions": conditions,
        "conditions_follow": _(CONDITIONS_FOLLOW),
        "unconditional": _(UNCONDITIONAL)
        if decision.outcome == Outcome.OFFER and not conditions
        else "",
        "after": after_of(decision),
        "closing": _(CLOSING),
        "signature": fill(_(SIGNATURE), facts_of(decision)),
    }
