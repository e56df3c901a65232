"""What people and timers did to the outbox. The stream is the message's id, or the switch's."""

from django.utils.translation import gettext_lazy as _

from foundation.history.kinds import Audience, EventKind

_AUDIT = frozenset({Audience.AUDIT})

RETRIED = EventKind("message.retried", _("Sent a message again"), _AUDIT)
CANCELLED = EventKind("message.cancelled", _("Cancelled a queued message"), _AUDIT)
STOPPED = EventKind("outbox.stopped", _("Stopped all outgoing messages"), _AUDIT)
STARTED = EventKind("outbox.started", _("Let outgoing messages leave again"), _AUDIT)

ALL = (RETRIED, CANCELLED, STOPPED, STARTED)
