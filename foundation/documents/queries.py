"""Finding documents. Which of them a person may see is decided by the room that owns the stream."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.documents.models import Document, DocumentVersion, VersionState


def documents_of(stream: UUID, kind: str | None = None) -> QuerySet[Document]:
    """A stream's documents with their versions (two queries), oldest first."""
    documents = Document.objects.filter(stream=stream)
    if kind is not None:
        documents = documents.filter(kind=kind)
    return documents.prefetch_related("versions").order_by("created_at", "id")


def visible_at(documents: QuerySet[Document], now: datetime) -> QuerySet[Document]:
    """Without what may not be seen yet. Every page for an applicant asks through this."""
    return documents.filter(Q(visible_from=None) | Q(visible_from__lte=now))


def clean_versions(stream: UUID, kind: str | None = None) -> QuerySet[DocumentVersion]:
    """A stream's readable versions with their document, newest first."""
    versions = DocumentVersion.objects.filter(
        document__stream=stream, state=VersionState.CLEAN
    ).select_related("document")
    if kind is not None:
        versions = versions.filter(document__kind=kind)
    return versions.order_by("-created_at", "-number")


def current_version(document: Document) -> DocumentVersion | None:
    """The newest clean version, asked from the database."""
    return (
        document.versions.filter(state=VersionState.CLEAN)
        .select_related("document")
        .order_by("-number")
        .first()
    )


def to_scan(now: datetime) -> QuerySet[DocumentVersion]:
    """Quarantined versions whose turn has come, longest waiting first."""
    return DocumentVersion.objects.filter(
        state=VersionState.QUARANTINED, next_attempt_at__lte=now
    ).order_by("next_attempt_at")
