"""An intake: when a programme begins, when one can apply, how many places, fee and review rule."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models.catalogue import Programme
from programmes.models.requirements import RequirementSet

#: "Closes 23:59" includes all of its last second.
LAST_SECOND = timedelta(seconds=1)


class IntakeState(models.TextChoices):
    PLANNED = "planned", _("Not open yet")
    OPEN = "open", _("Open for applications")
    FULL = "full", _("Full")
    CLOSED = "closed", _("Closed")


class Intake(models.Model):
    """One intake. Its state is never stored: it follows from the dates and marks, see `state_at`.

    `closes_at` is the last second that counts. `is_historic` closes an intake of the past whose
    dates are not stated. `defaults` names what is the institution's rule and not the programme's.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="intakes")
    requirement_set = models.ForeignKey(
        RequirementSet, on_delete=models.PROTECT, related_name="intakes"
    )
    reference = models.SlugField(unique=True)
    cycle = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=60)
    entry_text = models.CharField(max_length=60)
    entry_on = models.DateField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    may_close_early = models.BooleanField(default=False)
    closed_early_at = models.DateTimeField(null=True, blank=True)
    full_at = models.DateTimeField(null=True, blank=True)
    is_historic = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    places = models.PositiveIntegerField(null=True, blank=True)
    offer_limit = models.PositiveIntegerField(null=True, blank=True)
    fee_amount = models.DecimalField(
        max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    fee_currency = models.CharField(max_length=3, default="GBP")
    fee_refundable = models.BooleanField(default=False)
    fee_waivable = models.BooleanField(default=True)
    target_weeks = models.PositiveSmallIntegerField(default=6)
    limit_weeks = models.PositiveSmallIntegerField(default=8)
    defaults = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-cycle", "reference"]
        indexes: ClassVar = [
            models.Index(fields=["closes_at"], name="programmes_intake_closes"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="programmes_intake_closes_after_opening",
                violation_error_message=_("An intake closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(fee_amount__gte=0),
                name="programmes_intake_fee_not_negative",
                violation_error_message=_("A fee can’t be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(fee_currency__regex="^[A-Z]{3}$"),
                name="programmes_intake_currency",
            ),
            models.CheckConstraint(
                condition=Q(target_weeks__gte=1, target_weeks__lte=F("limit_weeks")),
                name="programmes_intake_review_weeks",
                violation_error_message=_("The review’s target can’t be after its limit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.title}, {self.label}"

    def state_at(self, now: datetime) -> IntakeState:
        """What an intake is at a moment. `queries.open_intakes` says the same in SQL.

        Being closed, by hand or by time, outranks being full: a full intake may open up again, a
        closed one does not.
        """
        if self.is_historic or (self.ends_at is not None and now >= self.ends_at):
            return IntakeState.CLOSED
        if self.opens_at is None or now < self.opens_at:
            return IntakeState.PLANNED
        if self.full_at is not None and now >= self.full_at:
            return IntakeState.FULL
        return IntakeState.OPEN

    def is_open_at(self, now: datetime) -> bool:
        return self.state_at(now) is IntakeState.OPEN

    @property
    def ends_at(self) -> datetime | None:
        """The first moment at which it is closed: after its last second, or when closed early."""
        by_date = self.closes_at + LAST_SECOND if self.closes_at else None
        moments = [moment for moment in (by_date, self.closed_early_at) if moment is not None]
        return min(moments) if moments else None
