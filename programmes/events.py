"""What happens to the roles of staff. The stream is the person's public id."""

from django.utils.translation import gettext_lazy as _

from foundation.history.kinds import Audience, EventKind

ROLE_GRANTED = EventKind("role.granted", _("Was given a role"), frozenset({Audience.AUDIT}))
ROLE_ENDED = EventKind("role.ended", _("Lost a role"), frozenset({Audience.AUDIT}))

ALL = (ROLE_GRANTED, ROLE_ENDED)
