"""An application: one person, one intake."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applicants.states import OPEN, ApplicationState


class Application(models.Model):
    """One person's application to one intake.

    `state` is written by `applicants.workflow.move` alone. `told_at_start` and `told_at_submission`
    keep the facts, fee and rules that were shown then: publishing later never changes them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    intake = models.ForeignKey(
        "programmes.Intake", on_delete=models.PROTECT, related_name="applications"
    )
    cycle = models.PositiveSmallIntegerField()
    choice_rank = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=24, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    started_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    state_changed_at = models.DateTimeField(default=timezone.now)
    told_at_start = models.JSONField(default=dict)
    told_at_submission = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["applicant", "intake"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_application_per_intake",
            ),
            models.UniqueConstraint(
                fields=["applicant", "cycle", "choice_rank"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_application_per_rank",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values),
                name="application_state_known",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False)
                | Q(state__in=["draft", "expired", "withdrawn"]),
                name="application_submitted_when_past_draft",
            ),
            models.CheckConstraint(
                condition=Q(choice_rank__gte=1), name="application_choice_rank_from_one"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["intake", "id"],
                name="application_drafts",
                condition=Q(state="draft"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def status(self) -> ApplicationState:
        """The state as its enum member."""
        return ApplicationState(self.state)

    @property
    def is_draft(self) -> bool:
        return self.state == ApplicationState.DRAFT
