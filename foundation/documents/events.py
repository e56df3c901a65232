"""Kinds of event this room writes. That a file was added is told by the room that owns it."""

from django.utils.translation import gettext_lazy as _

from foundation.history.kinds import Audience, EventKind

INFECTED = EventKind(
    "document.infected",
    _("A virus was found in an uploaded file"),
    frozenset({Audience.OFFICE, Audience.AUDIT}),
)
UNREADABLE = EventKind(
    "document.unreadable",
    _("An uploaded file couldn’t be checked"),
    frozenset({Audience.OFFICE, Audience.AUDIT}),
)
ALL = (INFECTED, UNREADABLE)
