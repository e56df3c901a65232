"""What happened, and who read what. Rows are added, never changed: see `roles.py`."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from foundation.doors import ActorKind


class Event(models.Model):
    """One thing that happened to an application. Codes and ids only; words lie in `EventText`.

    `stream` is the application's public id, without a foreign key, so that events outlive it.
    """

    append_only: ClassVar[bool] = True

    stream = models.UUIDField()
    kind = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, choices=[(k.value, k.name) for k in ActorKind])
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=40, blank=True)
    acting_for_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict)
    visible_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stream", "id"], name="history_event_stream")]


class EventText(models.Model):
    """What a person typed beside an event: a reason, a note. Erasable."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="text")
    body = models.TextField()


class Reading(models.Model):
    """Somebody was given a document's bytes."""

    append_only: ClassVar[bool] = True

    stream = models.UUIDField()
    version = models.UUIDField()
    reader_kind = models.CharField(max_length=10, choices=[(k.value, k.name) for k in ActorKind])
    reader_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stream", "id"], name="history_reading_stream")]
