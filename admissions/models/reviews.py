"""Who reads a file, and what they make of it."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: The shortest comment that can be submitted: a score needs a reason.
COMMENT_AT_LEAST = 30
HIGHEST_SCORE = 10


class AssignmentState(models.TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    READING = "reading", _("Reading")
    REVIEWED = "reviewed", _("Reviewed")
    RECUSED = "recused", _("Recused")
    RELEASED = "released", _("Released")


#: The reviewer may open the file.
LIVE_ASSIGNMENTS = (
    AssignmentState.ASSIGNED,
    AssignmentState.READING,
    AssignmentState.REVIEWED,
)
#: The review is still to come.
UNFINISHED_ASSIGNMENTS = (AssignmentState.ASSIGNED, AssignmentState.READING)


class Assignment(models.Model):
    """A file given to a reviewer. Recusal and release end their access at once."""

    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="assignments"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    state = models.CharField(
        max_length=10, choices=AssignmentState.choices, default=AssignmentState.ASSIGNED
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    assigned_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "reviewer"],
                condition=Q(state__in=["assigned", "reading", "reviewed"]),
                name="one_live_assignment_per_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values),
                name="assignment_state_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reviewer", "state"], name="assignment_of_reviewer"),
        ]
        ordering: ClassVar = ["assigned_at", "id"]

    @property
    def status(self) -> AssignmentState:
        return AssignmentState(self.state)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_ASSIGNMENTS


class Recommendation(models.TextChoices):
    OFFER = "offer", _("Make an offer")
    OFFER_WITH_CONDITIONS = "offer_with_conditions", _("Make an offer with conditions")
    WAITLIST = "waitlist", _("Waiting list")
    REJECT = "reject", _("Do not make an offer")


class Review(models.Model):
    """A reviewer's reading of a file: saved as they go, fixed when submitted."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    comment = models.TextField(blank=True)
    recommendation = models.CharField(max_length=24, choices=Recommendation.choices, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(submitted_at=None)
                | (~Q(recommendation="") & Q(comment__regex=f".{{{COMMENT_AT_LEAST}}}")),
                name="review_submitted_with_reasons",
            ),
        ]

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class Criterion(models.TextChoices):
    """The rubric. Each is scored from 0 to 10."""

    ACADEMIC = "academic", _("Academic preparation")
    TECHNICAL = "technical", _("Mathematics and programming")
    MOTIVATION = "motivation", _("Motivation and fit")
    REFERENCES = "references", _("References and experience")

    @property
    def guidance(self) -> str:
        return str(_GUIDANCE[self])


_GUIDANCE = {
    Criterion.ACADEMIC: _("Degree, grades and what was studied, read against its own scale."),
    Criterion.TECHNICAL: _("What of the programme’s groundwork the applicant has shown."),
    Criterion.MOTIVATION: _("Why this programme, why now, and how it will be studied."),
    Criterion.REFERENCES: _("What the letters say from knowledge, and work that bears on it."),
}


class ReviewScore(models.Model):
    """One criterion's score."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=12, choices=Criterion.choices)
    value = models.PositiveSmallIntegerField(validators=[MaxValueValidator(HIGHEST_SCORE)])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=HIGHEST_SCORE),
                name="score_from_0_to_10",
            ),
        ]
        ordering: ClassVar = ["id"]
