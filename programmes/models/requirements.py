"""What an applicant needs: a version of the requirements, shared by the intakes it holds for."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models.catalogue import Programme


class DegreeClass(models.TextChoices):
    FIRST = "first", _("First class honours")
    UPPER_SECOND = "2:1", _("Upper second class honours (2:1)")
    LOWER_SECOND = "2:2", _("Lower second class honours (2:2)")
    THIRD = "third", _("Third class honours")


class Need(models.TextChoices):
    """Whether something is asked for. Empty: not stated."""

    REQUIRED = "required", _("Required")
    NOT_ESSENTIAL = "not_essential", _("Not essential")
    NOT_REQUIRED = "not_required", _("Not required")


class RequirementSet(models.Model):
    """One version of a programme's requirements. Rules advise, a person decides.

    `subjects_also_named` are named elsewhere by the programme: they never fail a rule. `defaults`
    names the parts that the programme doesn't state, so that the institution's own apply.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="requirement_sets"
    )
    label = models.CharField(max_length=60)
    source = models.CharField(max_length=240, blank=True)
    minimum_class = models.CharField(max_length=10, choices=DegreeClass, blank=True)
    degree_may_be_expected = models.BooleanField(default=True)
    subjects_required = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    subjects_also_named = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    computer_science = models.CharField(max_length=14, choices=Need, blank=True)
    equivalences_are_advisory = models.BooleanField(default=True)
    ielts_overall = models.DecimalField(max_digits=2, decimal_places=1, null=True, blank=True)
    english_for_all = models.BooleanField(default=True)
    english_by_start = models.BooleanField(default=True)
    work_experience = models.CharField(max_length=14, choices=Need, blank=True)
    gre = models.CharField(max_length=14, choices=Need, blank=True)
    referees_count = models.PositiveSmallIntegerField(default=2)
    referees_academic_at_least = models.PositiveSmallIntegerField(default=1)
    defaults = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["programme", "label"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "label"], name="programmes_requirement_set_once"
            ),
            models.CheckConstraint(
                condition=Q(referees_academic_at_least__lte=F("referees_count")),
                name="programmes_requirement_set_referees",
            ),
            models.CheckConstraint(
                condition=Q(ielts_overall=None)
                | Q(ielts_overall__gte=Decimal(0), ielts_overall__lte=Decimal(9)),
                name="programmes_requirement_set_ielts",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class DocumentKind(models.TextChoices):
    PERSONAL_STATEMENT = "personal_statement", _("Personal statement")
    TRANSCRIPT = "transcript", _("Transcripts")
    CERTIFICATE = "certificate", _("Degree certificates")
    CV = "cv", _("CV")


class DocumentRequirement(models.Model):
    """One kind of document. `only_when_awarded`: for each qualification held, not for expected ones."""

    requirement_set = models.ForeignKey(
        RequirementSet, on_delete=models.CASCADE, related_name="documents"
    )
    kind = models.CharField(max_length=20, choices=DocumentKind)
    required = models.BooleanField(default=True)
    only_when_awarded = models.BooleanField(default=False)
    many = models.BooleanField(default=False)
    guide = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["requirement_set", "kind"],
                name="programmes_document_requirement_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
