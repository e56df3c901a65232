"""Whether a promise is kept, as a word: on track, due soon, overdue, or paused."""

import enum
from datetime import datetime

from django.utils.translation import gettext_lazy as _


class Light(enum.Enum):
    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Light.ON_TRACK: _("On track"),
    Light.DUE_SOON: _("Due soon"),
    Light.OVERDUE: _("Overdue"),
    Light.PAUSED: _("Paused"),
}


def light_at(now: datetime, *, target: datetime, limit: datetime, paused: bool = False) -> Light:
    """On track up to the target's last second, due soon up to the limit's, overdue after."""
    if target > limit:
        raise ValueError("the target can't come after the limit")
    if paused:
        return Light.PAUSED
    if now <= target:
        return Light.ON_TRACK
    return Light.DUE_SOON if now <= limit else Light.OVERDUE
