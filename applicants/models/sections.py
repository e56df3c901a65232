"""What an applicant fills in, a model per section."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class PersonalDetails(models.Model):
    """Who the applicant is. One legal name field: not everybody has a given and a family name."""

    application = models.OneToOneField(
        "applicants.Application",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="personal_details",
    )
    legal_name = models.CharField(max_length=160)
    preferred_name = models.CharField(max_length=80, blank=True)
    date_of_birth = models.DateField()
    nationality = CountryField()
    residence = CountryField()
    phone = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.legal_name


class QualificationStatus(models.TextChoices):
    AWARDED = "awarded", _("Awarded")
    EXPECTED = "expected", _("Not awarded yet")


class GradeScale(models.TextChoices):
    """The scales of the country equivalences, each with its own direction."""

    HONOURS = "honours", _("UK honours (First, 2:1, 2:2, Third)")
    GPA_4 = "gpa_4", _("GPA out of 4")
    GPA_5 = "gpa_5", _("GPA out of 5")
    PERCENT = "percent", _("Percentage")
    GERMAN = "german", _("1.0 (best) to 5.0")
    OUT_OF_10 = "out_of_10", _("Out of 10")
    OUT_OF_20 = "out_of_20", _("Out of 20")
    OUT_OF_110 = "out_of_110", _("Out of 110")
    OTHER = "other", _("Another scale")


class Qualification(models.Model):
    """A degree held or worked towards: grade as value, scale and whether it is still to come."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        "applicants.Application",
        on_delete=models.PROTECT,
        related_name="qualifications",
    )
    institution = models.CharField(max_length=160)
    country = CountryField()
    award = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=QualificationStatus.choices)
    awarded_on = models.DateField()
    grade_scale = models.CharField(max_length=12, choices=GradeScale.choices)
    grade_value = models.CharField(max_length=20, blank=True)
    grade_pending = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-awarded_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(grade_pending=True) | ~Q(grade_value=""),
                name="qualification_grade_or_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.subject}"


class EnglishBasis(models.TextChoices):
    TEST = "test", _("A test I have taken")
    DEGREE = "degree", _("A degree taught in English")
    PLANNED = "planned", _("A test I will take")


class EnglishTest(models.TextChoices):
    IELTS = "ielts", _("IELTS Academic")
    TOEFL = "toefl", _("TOEFL iBT")
    PTE = "pte", _("PTE Academic")
    CAMBRIDGE = "cambridge", _("Cambridge C1 Advanced or C2 Proficiency")


class EnglishEvidence(models.Model):
    """How the applicant shows their English."""

    application = models.OneToOneField(
        "applicants.Application",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="english",
    )
    basis = models.CharField(max_length=8, choices=EnglishBasis.choices)
    test = models.CharField(max_length=10, choices=EnglishTest.choices, blank=True)
    overall = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    taken_on = models.DateField(null=True)
    planned_on = models.DateField(null=True)
    degree_country = CountryField(blank=True)


class Statement(models.Model):
    """The personal statement as typed text; its paragraphs are kept."""

    application = models.OneToOneField(
        "applicants.Application",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="statement",
    )
    text = models.TextField()
    saved_at = models.DateTimeField(default=timezone.now)


class FileKind(models.TextChoices):
    TRANSCRIPT = "transcript", _("Transcript")
    CERTIFICATE = "certificate", _("Certificate")
    CV = "cv", _("CV")


class SectionFile(models.Model):
    """A document the applicant added to a section. Removed ones stay, with `removed_at`."""

    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="files"
    )
    kind = models.CharField(max_length=12, choices=FileKind.choices)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT)
    qualification = models.ForeignKey(
        Qualification,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="files",
    )
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
