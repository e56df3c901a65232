"""What has to be there before a file is complete. Complete means: no requirement is open."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RequirementKind(models.TextChoices):
    OWN_PART = "own_part", _("the application form")
    FEE = "fee", _("the application fee")
    LETTER_1 = "letter_1", _("the first letter of reference")
    LETTER_2 = "letter_2", _("the second letter of reference")
    FILE_CLEAN = "file_clean", _("the safety check of the files")
    REQUESTED_ITEM = "requested_item", _("something we asked for")
    TURN = "turn", _("the turn of this choice")

    @classmethod
    def letter(cls, position: int) -> "RequirementKind":
        return cls.LETTER_1 if position == 1 else cls.LETTER_2


class RequirementState(models.TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    WAIVED = "waived", _("Waived")


class Holder(models.TextChoices):
    """Who holds it up."""

    APPLICANT = "applicant", _("applicant")
    REFEREE = "referee", _("referee")
    OFFICE = "office", _("admissions office")


class Requirement(models.Model):
    """One thing that must be met. Met, reopened and waived by `applicants.steps.requirements`.

    `subject` tells several of one kind apart (requested items); `arrived_at` is when the applicant
    or the referee did their part, whatever time our own checks took afterwards.
    """

    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="requirements"
    )
    kind = models.CharField(max_length=16, choices=RequirementKind.choices)
    subject = models.CharField(max_length=40, blank=True)
    state = models.CharField(
        max_length=8, choices=RequirementState.choices, default=RequirementState.OPEN
    )
    held_by = models.CharField(max_length=10, choices=Holder.choices)
    arrived_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "kind", "subject"],
                name="one_requirement_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state__in=["met", "waived"], closed_at__isnull=False),
                name="requirement_closed_when_met_or_waived",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == RequirementState.OPEN
