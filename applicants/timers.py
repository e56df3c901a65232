"""What is due by time: ending drafts, reminding of them, giving later choices their turn, drift."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from applicants import actions, queries
from applicants.actions.reminders import REMINDER_DAYS, reminder_key
from applicants.models import (
    Application,
    Requirement,
    RequirementKind,
    RequirementState,
    ReviewClock,
)
from applicants.states import WITH_OFFICE, ApplicationState
from foundation.doors import Actor
from foundation.notifications.models import OutgoingMessage
from foundation.timers import Timer
from programmes.queries import ended_intakes

_BATCH = 500


def expire_drafts(now: datetime, dry_run: bool) -> list[str]:
    """End the drafts of intakes that have closed, each in a transaction of its own."""
    due = queries.drafts_of_intakes(ended_intakes(now)).order_by("pk")
    lines = []
    for pk, reference in due.values_list("pk", "reference"):
        if dry_run or actions.expire_draft(pk, actor=Actor.timer("expire_drafts"), now=now):
            lines.append(f"expire {reference}")
    return lines


def draft_reminders(now: datetime, dry_run: bool) -> list[str]:
    """Remind of drafts 14 and 3 days before their intake closes; nobody twice for the same day."""
    lines = []
    for days in REMINDER_DAYS:
        for pk, reference in _unreminded(now, days):
            if dry_run or actions.remind_of_draft(
                pk, days, actor=Actor.timer("draft_reminders"), now=now
            ):
                lines.append(f"remind {reference}, {days} days")
    return lines


def _unreminded(now: datetime, days: int) -> Iterator[tuple[int, str]]:
    """Drafts that are within their days and were there before these began."""
    shorter = max((one for one in REMINDER_DAYS if one < days), default=0)
    drafts = Application.objects.filter(
        state=ApplicationState.DRAFT,
        intake__closes_at__gt=now + timedelta(days=shorter),
        intake__closes_at__lte=now + timedelta(days=days),
    ).order_by("pk")
    rows = list(
        drafts.values_list("pk", "reference", "public_id", "started_at", "intake__closes_at")
    )
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        keys = {reminder_key(public_id, days) for _pk, _ref, public_id, *_times in batch}
        sent = set(
            OutgoingMessage.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)
        )
        for pk, reference, public_id, started_at, closes_at in batch:
            is_new = closes_at is None or started_at > closes_at - timedelta(days=days)
            if not is_new and reminder_key(public_id, days) not in sent:
                yield pk, reference


def give_turns(now: datetime, dry_run: bool) -> list[str]:
    """Let later choices go on whose earlier choice has ended."""
    waiting = _with_open(RequirementKind.TURN).values_list("pk", "reference").order_by("pk")
    lines = []
    for pk, reference in waiting:
        if dry_run:
            lines.append(f"look whether it is the turn of {reference}")
        elif actions.give_turn(pk, actor=Actor.timer("give_turns"), now=now):
            lines.append(f"give {reference} its turn")
    return lines


def _with_open(kind: RequirementKind) -> QuerySet[Application]:
    return Application.objects.filter(
        Exists(
            Requirement.objects.filter(
                application=OuterRef("pk"), kind=kind, state=RequirementState.OPEN
            )
        ),
        state=ApplicationState.SUBMITTED,
    )


def detect_clock_drift(now: datetime, dry_run: bool) -> list[str]:
    """Say which files and clocks disagree. It mends nothing: a mistake of ours wants a person.

    A submitted file without an open requirement should be complete; a file that is being read
    should have a clock, and one that is not should have none that runs.
    """
    open_ones = Requirement.objects.filter(application=OuterRef("pk"), state=RequirementState.OPEN)
    clocks = ReviewClock.objects.filter(application=OuterRef("pk"), stopped_at=None)
    read = WITH_OFFICE - {ApplicationState.SUBMITTED}
    submitted = Application.objects.filter(state=ApplicationState.SUBMITTED)
    found = (
        ("nothing is missing, and it is not complete", submitted.exclude(Exists(open_ones))),
        (
            "it is being read without a clock",
            Application.objects.filter(state__in=read).exclude(Exists(clocks)),
        ),
        (
            "its clock runs, and nobody reads it",
            Application.objects.filter(
                Exists(clocks.filter(paused_at=None)), state=ApplicationState.WITHDRAWN
            ),
        ),
    )
    return [
        f"{reference}: {what}"
        for what, applications in found
        for reference in applications.values_list("reference", flat=True)
    ]


ALL = (
    Timer(
        "applicants.expire_drafts",
        timedelta(minutes=1),
        _("Ends the drafts of intakes that have closed"),
        expire_drafts,
    ),
    Timer(
        "applicants.draft_reminders",
        timedelta(hours=1),
        _("Reminds of drafts 14 and 3 days before their intake closes"),
        draft_reminders,
    ),
    Timer(
        "applicants.give_turns",
        timedelta(minutes=1),
        _("Lets a later choice go on when the earlier one has ended without an offer accepted"),
        give_turns,
    ),
    Timer(
        "applicants.detect_clock_drift",
        timedelta(days=1),
        _("Reports files whose state and review clock disagree"),
        detect_clock_drift,
    ),
)
