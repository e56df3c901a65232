"""The queue's row: one for each submitted application, written by the actions, never by a view."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Need(models.IntegerChoices):
    """What needs doing next. The numbers are the order of the queue's groups, with room between.

    The queue is read in the order (need, sort_at, id): one index serves the grouped list and each
    group alone.
    """

    APPROVE = 10, _("Approve or return the proposal")
    RELEASE = 15, _("Release the decision")
    PROPOSE = 20, _("Propose a decision")
    ASSIGN = 25, _("Assign a reviewer")
    REVIEW = 30, _("Being read")
    CHECK = 40, _("Waiting for us")
    CONDITIONS = 45, _("Check the conditions")
    WAITING = 50, _("Waiting for letters or items")
    INFORMATION = 55, _("Paused: waiting for the applicant")
    ON_HOLD = 60, _("Paused: on hold, fee")
    RELEASED = 65, _("Released: becomes visible soon")
    REPLY = 70, _("Offer: waiting for the reply")
    WAITLIST = 75, _("On the waiting list")
    NONE = 99, _("Nothing: ended")

    @property
    def slug(self) -> str:
        """The word in an address."""
        return str(self.name).lower()

    @property
    def is_paused(self) -> bool:
        return self in (Need.INFORMATION, Need.ON_HOLD)


#: Everything that has not ended. The same list is in the partial indexes.
OPEN_NEEDS = tuple(need for need in Need if need is not Need.NONE)
#: The clock runs or may run: what the lights and the chart of ages look at.
PROMISED = (
    Need.APPROVE,
    Need.RELEASE,
    Need.PROPOSE,
    Need.ASSIGN,
    Need.REVIEW,
    Need.RELEASED,
)


class StateGroup(models.TextChoices):
    """The application's state, coarsely, for filters and reports."""

    COLLECTING = "collecting", _("Waiting for items")
    REVIEW = "review", _("In review")
    DECIDED = "decided", _("Decision approved")
    ANSWERED = "answered", _("Answered")
    ENDED = "ended", _("Ended without an answer")


class ReviewCase(models.Model):
    """What the queue shows, filters and sorts by. Derived: `steps.cases` can make it anew any time.

    `target_at` and `limit_at` are empty before the file is complete and while the clock is paused.
    """

    application = models.OneToOneField(
        "applicants.Application",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="review_case",
    )
    programme = models.ForeignKey(
        "programmes.Programme", on_delete=models.PROTECT, related_name="+"
    )
    intake = models.ForeignKey("programmes.Intake", on_delete=models.PROTECT, related_name="+")
    need = models.PositiveSmallIntegerField(choices=Need.choices)
    state_group = models.CharField(max_length=12, choices=StateGroup.choices)
    sort_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    target_at = models.DateTimeField(null=True)
    limit_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    letters_in = models.PositiveSmallIntegerField(default=0)
    letters_of = models.PositiveSmallIntegerField(default=2)
    fee_in_order = models.BooleanField(default=False)
    reviewer_ids = ArrayField(models.BigIntegerField(), default=list)
    reviewers = models.CharField(max_length=400, blank=True)
    country = models.CharField(max_length=2, blank=True)
    search_text = models.TextField(blank=True)
    search_tokens = SearchVectorField(null=True)
    refreshed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["need", "sort_at", "application"],
                name="case_queue",
                condition=~Q(need=99),
            ),
            models.Index(
                fields=["programme", "need", "sort_at", "application"],
                name="case_programme_queue",
                condition=~Q(need=99),
            ),
            GinIndex(fields=["search_tokens"], name="case_search"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(need__in=Need.values), name="case_need_known"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def what(self) -> Need:
        """The need as its enum member."""
        return Need(self.need)
