"""A programme and what it is made of. Null means not stated: a page says so, or says nothing."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: One ECTS credit is two UK CATS credits.
CATS_PER_ECTS = 2


class Delivery(models.TextChoices):
    ONLINE = "online", _("Online")
    ON_CAMPUS = "on_campus", _("On campus")
    BLENDED = "blended", _("Online and on campus")


class Pace(models.TextChoices):
    FULL_TIME = "full_time", _("Full-time")
    PART_TIME = "part_time", _("Part-time")


class Programme(models.Model):
    """One programme as it is offered. An application keeps its own copy of what was told.

    `inferred` names the facts that were concluded and not stated by the programme itself: they may
    be shown, but not as its word.
    """

    slug = models.SlugField(unique=True)
    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=160)
    also_known_as = ArrayField(models.CharField(max_length=160), default=list, blank=True)
    award = models.CharField(max_length=20)
    department = models.CharField(max_length=160, blank=True)
    delivery = models.CharField(max_length=12, choices=Delivery, blank=True)
    pace = models.CharField(max_length=12, choices=Pace, blank=True)
    partner = models.CharField(max_length=80, blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    terms_per_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ects = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    study_hours_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    contact_email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    summary = models.TextField(blank=True)
    inferred = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    published = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["position", "title"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ects=None) | Q(ects__gt=0),
                name="programmes_programme_ects_positive",
            ),
            models.CheckConstraint(
                condition=Q(years=None) | Q(years__gte=1),
                name="programmes_programme_years",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme", args=[self.slug])

    @property
    def cats(self) -> Decimal | None:
        return None if self.ects is None else self.ects * CATS_PER_ECTS


class StatementKind(models.TextChoices):
    """What a sentence on a programme's page is about."""

    OUTCOME = "outcome", _("What you will be able to do")
    CAREER = "career", _("Careers")
    DESTINATION = "destination", _("Where graduates went")
    AUDIENCE = "audience", _("Who it is for")
    TOOL = "tool", _("Tools you will use")
    PARTNER_FIELD = "partner_field", _("Fields that partners come from")
    STUDY_FEATURE = "study_feature", _("How you study")
    PROJECT = "project", _("Project")
    PACE_NOTE = "pace_note", _("What the pace is like")
    TASTER = "taster", _("Try it first")
    ADVICE = "advice", _("Before you apply")


class Statement(models.Model):
    """One sentence about a programme. Advice holds only under its condition, shown with it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=20, choices=StatementKind)
    condition = models.CharField(max_length=240, blank=True)
    text = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["kind", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "kind", "position"],
                name="programmes_statement_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind=StatementKind.ADVICE) | ~Q(condition=""),
                name="programmes_statement_advice_has_condition",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Term(models.Model):
    """ECTS belong to a term. `number` counts within the year."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="terms")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    ects = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["year", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "year", "number"], name="programmes_term_once"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1, number__gte=1), name="programmes_term_from_one"
            ),
            models.CheckConstraint(
                condition=Q(ects=None) | Q(ects__gt=0),
                name="programmes_term_ects_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}.{self.number}"


class ModuleKind(models.TextChoices):
    COMPULSORY = "compulsory", _("Compulsory")
    SELECTIVE = "selective", _("Selective")
    OPTIONAL = "optional", _("Optional")
    PROJECT = "project", _("Project")


class Module(models.Model):
    """A module counts once, however many terms its parts are taught in.

    A placeholder stands for a module whose name is not stated; pages mark it.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="modules")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=ModuleKind, default=ModuleKind.COMPULSORY)
    ects = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    is_placeholder = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "title"], name="programmes_module_once"),
            models.CheckConstraint(
                condition=Q(ects=None) | Q(ects__gt=0),
                name="programmes_module_ects_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ModulePart(models.Model):
    """A module, or a part of it, taught in a term. `number` is null when it is taught whole."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="parts")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["term__year", "term__number", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["module", "term"], name="programmes_part_once_a_term"),
            models.UniqueConstraint(
                fields=["module", "number"],
                nulls_distinct=False,
                name="programmes_part_number_once",
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return self.module.title
        return gettext("%(module)s (part %(number)s)") % {
            "module": self.module.title,
            "number": self.number,
        }


class ChoiceRule(models.Model):
    """How many modules of each kind make up the programme, where students choose."""

    programme = models.OneToOneField(
        Programme, on_delete=models.CASCADE, related_name="choice_rule"
    )
    compulsory = models.PositiveSmallIntegerField()
    chosen = models.PositiveSmallIntegerField()
    selective_at_least = models.PositiveSmallIntegerField(default=0)
    optional_at_most = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(selective_at_least__lte=F("chosen"))
                & Q(optional_at_most__lte=F("chosen")),
                name="programmes_choice_rule_within_chosen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compulsory}+{self.chosen}"

    @property
    def total(self) -> int:
        return self.compulsory + self.chosen
