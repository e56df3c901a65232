"""A document and its versions. The bytes lie in the storage, under names that say nothing."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.doors import ActorKind


class VersionState(models.TextChoices):
    """Only a clean version is ever handed out."""

    QUARANTINED = "quarantined", _("Being checked")
    CLEAN = "clean", _("Ready")
    INFECTED = "infected", _("A virus was found")
    UNREADABLE = "unreadable", _("Can’t be read")


class Document(models.Model):
    """Something an application holds, such as a transcript. Its newest clean version is current.

    `stream` is the application's public id, without a foreign key: this room knows no applications.
    `visible_from` is for what is made before it may be seen; empty means at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.UUIDField()
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=150, blank=True)
    visible_from = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stream", "kind", "created_at"], name="documents_stream_kind")
        ]

    @property
    def newest(self) -> "DocumentVersion | None":
        """The newest version, whatever its state: what its uploader is shown."""
        return max(self.versions.all(), key=lambda version: version.number, default=None)

    @property
    def current(self) -> "DocumentVersion | None":
        """The newest clean version: what may be read. None while the first one is being checked."""
        clean = (version for version in self.versions.all() if version.is_clean)
        return max(clean, key=lambda version: version.number, default=None)


class DocumentVersion(models.Model):
    """One file as we keep it: checked, without active content, photos turned into PDF.

    `attempts` counts scans that began and were not heard of again; `picture_crashes` page images
    that broke their subprocess. `scanned_at` stays empty where scanning is off.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    original_name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    has_text = models.BooleanField()
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=12, choices=VersionState.choices)
    finding = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    picture_crashes = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField(null=True)
    is_generated = models.BooleanField(default=False)
    added_by_kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.name) for kind in ActorKind]
    )
    added_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="documents_version_number"),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values),
                name="documents_version_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=VersionState.QUARANTINED),
                name="documents_version_to_scan",
            )
        ]

    @property
    def is_clean(self) -> bool:
        return self.state == VersionState.CLEAN

    @property
    def is_being_checked(self) -> bool:
        return self.state == VersionState.QUARANTINED
