"""The outbox: one row per message and recipient, and the switch that stops it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """A queue with workers of its own, so that a thousand reminders don't delay a sign-in mail."""

    SIGN_IN = "signin", _("Sign-in")
    BULK = "bulk", _("Bulk")
    DOCUMENTS = "documents", _("Documents")

    @property
    def priority(self) -> int:
        """Lower goes first in a sweep."""
        return 0 if self is Lane.SIGN_IN else 5

    @property
    def passes_stop_switch(self) -> bool:
        """Mails about one's own account leave even then: staff must sign in to lift the stop."""
        return self is Lane.SIGN_IN


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Bounced")

    @property
    def can_be_retried(self) -> bool:
        return self in (MessageState.QUEUED, MessageState.FAILED, MessageState.BOUNCED)


class OutgoingMessage(models.Model):
    """A message to one recipient. `context` holds ids only: the words are made at delivery.

    `subject` and `body` are a copy of the last attempt, with every link taken out, because a link
    can hold a token of which only the hash is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    recipient = models.EmailField(max_length=254)
    context = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    lane = models.CharField(max_length=10, choices=Lane, default=Lane.BULK)
    priority = models.PositiveSmallIntegerField(default=Lane.BULK.priority)
    not_before = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    purged_at = models.DateTimeField(null=True)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                name="notifications_due",
                condition=Q(state=MessageState.QUEUED),
            ),
            models.Index(fields=["state", "created_at", "id"], name="notifications_by_state"),
            models.Index(
                fields=["created_at"],
                name="notifications_to_purge",
                condition=Q(purged_at=None) & ~Q(state=MessageState.QUEUED),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="notifications_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="notifications_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class StopSwitch(models.Model):
    """One row. While it says stopped, nothing leaves but the mails of the sign-in lane.

    `fingerprint` is the PUBLIC_URL this database belongs to; a copy restored elsewhere has another
    and starts stopped, so that it writes to nobody.
    """

    ONLY: ClassVar[int] = 1
    STREAM: ClassVar[uuid.UUID] = uuid.UUID("6f1d9a52-3d1c-4b8f-9a43-0c6f0a5b7d10")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stopped = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="notifications_one_switch")
        ]

    def __str__(self) -> str:
        return "stopped" if self.stopped else "running"
