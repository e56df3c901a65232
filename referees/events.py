"""What can happen to a reference request besides its transitions."""

from django.utils.translation import gettext_lazy as _

from foundation.history.kinds import Audience, EventKind

OWN = frozenset({Audience.APPLICANT, Audience.OFFICE, Audience.AUDIT})
INSIDE = frozenset({Audience.READERS, Audience.OFFICE, Audience.AUDIT})

REMINDED = EventKind("reference.reminded", _("The referee was reminded."), OWN)
NEW_LINK_SENT = EventKind(
    "reference.new_link_sent",
    _("The referee asked for a new link and got one."),
    frozenset({Audience.OFFICE, Audience.AUDIT}),
)
LETTER_REPLACED = EventKind(
    "reference.letter_replaced", _("The referee sent a newer letter."), INSIDE
)
LETTER_READABLE = EventKind(
    "reference.letter_readable",
    _("A letter passed its checks and can be read."),
    INSIDE,
)
LETTER_REFUSED = EventKind(
    "reference.letter_refused", _("A letter did not pass its checks."), INSIDE
)

ALL = (REMINDED, NEW_LINK_SENT, LETTER_REPLACED, LETTER_READABLE, LETTER_REFUSED)
