"""Rows of the queue and of a reviewer's list. No query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions.models import Assignment, AssignmentState, Need, ReviewCase
from applicants.models import Application
from applicants.steps.clock import institution_zone
from foundation.clock.deadlines import days_left
from foundation.clock.lights import Light, light_at
from foundation.ui.wording import short_day

#: Colours of the tag that says what needs doing: warm where the office acts, grey where it waits.
_TAG_COLOURS = {
    Need.APPROVE: "purple",
    Need.RELEASE: "purple",
    Need.PROPOSE: "blue",
    Need.ASSIGN: "blue",
    Need.REVIEW: "teal",
    Need.CHECK: "orange",
    Need.CONDITIONS: "orange",
    Need.RELEASED: "green",
    Need.REPLY: "green",
}


@dataclass(frozen=True)
class QueueRow:
    """One file as the queue shows it. `light` is empty where no promise runs."""

    case: ReviewCase
    application: Application
    need: Need
    light: Light | None
    due: str

    @property
    def look(self) -> str:
        """What marks the row at its left edge."""
        return self.light.value if self.light else "none"

    @property
    def tag_colour(self) -> str:
        return _TAG_COLOURS.get(self.need, "grey")

    @property
    def letters(self) -> str:
        return _("%(here)s of %(all)s") % {
            "here": self.case.letters_in,
            "all": self.case.letters_of,
        }

    @property
    def fee(self) -> str:
        """In order or on hold. Why is nobody's business here."""
        return _("In order") if self.case.fee_in_order else _("On hold: fee")


@dataclass
class Group:
    """Files that need the same next step."""

    need: Need
    rows: list[QueueRow] = field(default_factory=list)


def groups_of(cases: Iterable[ReviewCase], now: datetime) -> list[Group]:
    """The rows, in their order, under what needs doing."""
    groups: list[Group] = []
    for case in cases:
        if not groups or groups[-1].need is not case.what:
            groups.append(Group(case.what))
        groups[-1].rows.append(queue_row(case, now))
    return groups


def queue_row(case: ReviewCase, now: datetime) -> QueueRow:
    light = light_of(case, now)
    return QueueRow(case, case.application, case.what, light, due_detail(case, light, now))


def light_of(case: ReviewCase, now: datetime) -> Light | None:
    if case.paused:
        return Light.PAUSED
    if case.target_at is None or case.limit_at is None:
        return None
    return light_at(now, target=case.target_at, limit=case.limit_at)


def due_detail(case: ReviewCase, light: Light | None, now: datetime) -> str:
    """The next date and how far it is: the target while on track, then the limit."""
    if light is None or light is Light.PAUSED:
        return "" if light else _since(case)
    due = case.target_at if light is Light.ON_TRACK else case.limit_at
    if due is None:
        return ""
    left = days_left(now, due, zone=institution_zone())
    if left < 0:
        return ngettext("%(day)s, %(days)s day over", "%(day)s, %(days)s days over", -left) % {
            "day": short_day(due),
            "days": -left,
        }
    return ngettext("%(day)s, %(days)s day left", "%(day)s, %(days)s days left", left) % {
        "day": short_day(due),
        "days": left,
    }


def _since(case: ReviewCase) -> str:
    if case.what is Need.REPLY:
        return _("reply by %(day)s") % {"day": short_day(case.sort_at)}
    if case.what is Need.CONDITIONS:
        return _("due %(day)s") % {"day": short_day(case.sort_at)}
    return _("since %(day)s") % {"day": short_day(case.sort_at)}


@dataclass(frozen=True)
class ReadingRow:
    """A file in a reviewer's list."""

    assignment: Assignment
    application: Application
    light: Light | None
    due: str
    state: Any
    is_saved: bool


def reading_row(assignment: Assignment, now: datetime) -> ReadingRow:
    case = assignment.application.review_case
    done = assignment.state == AssignmentState.REVIEWED
    light = None if done else light_of(case, now)
    review = getattr(assignment, "review", None)
    return ReadingRow(
        assignment=assignment,
        application=assignment.application,
        light=light,
        due="" if done else due_detail(case, light, now),
        state=assignment.status.label,
        is_saved=review is not None and not review.is_submitted,
    )
