"""Reading history: always for one audience."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.history.kinds import Audience, codes_for
from foundation.history.models import Event, Reading


def timeline(stream: UUID, *, audience: Audience, now: datetime) -> QuerySet[Event]:
    """An application's events for an audience, newest first; what is not visible yet is left out."""
    return (
        Event.objects.filter(stream=stream, kind__in=codes_for(audience))
        .filter(Q(visible_at=None) | Q(visible_at__lte=now))
        .select_related("text")
        .order_by("-id")
    )


def readings(stream: UUID) -> QuerySet[Reading]:
    return Reading.objects.filter(stream=stream).order_by("-id")
