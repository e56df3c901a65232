"""The review clock of a file and its pauses. The arithmetic is in `foundation.clock`."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ReviewClock(models.Model):
    """Runs from completeness until the decision is visible. Written by `applicants.steps.clock`.

    `target_at` and `limit_at` are stored with the rule they came from. While a pause is open,
    `paused_at` says since when, and no page shows a due date.
    """

    application = models.OneToOneField(
        "applicants.Application",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="review_clock",
    )
    completed_at = models.DateTimeField()
    target_weeks = models.PositiveSmallIntegerField()
    limit_weeks = models.PositiveSmallIntegerField()
    rule_source = models.CharField(max_length=200)
    target_at = models.DateTimeField()
    limit_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(target_at__lte=F("limit_at")),
                name="clock_target_before_limit",
            ),
        ]

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.paused_at is None


class PauseReason(models.TextChoices):
    INFORMATION_REQUESTED = (
        "information_requested",
        _("waiting for something we asked for"),
    )
    FEE_ON_HOLD = "fee_on_hold", _("on hold: fee")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ClockPause(models.Model):
    """A time in which the clock stood still. At most one open pause for each reason."""

    clock = models.ForeignKey(ReviewClock, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=24, choices=PauseReason.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clock", "reason"],
                condition=Q(to_at__isnull=True),
                name="one_open_pause_per_reason",
            ),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")),
                name="pause_ends_after_it_begins",
            ),
        ]
