"""What happens to an account and is worth keeping. The stream is the person's public id."""

from django.utils.translation import gettext_lazy as _

from foundation.history.kinds import Audience, EventKind

INVITED = EventKind(
    "person.invited", _("Invited as a member of staff"), frozenset({Audience.AUDIT})
)
INVITATION_ACCEPTED = EventKind(
    "person.invitation_accepted",
    _("Accepted the invitation"),
    frozenset({Audience.AUDIT}),
)
DEACTIVATED = EventKind(
    "person.deactivated",
    _("Closed the account to sign-in"),
    frozenset({Audience.AUDIT}),
)
REACTIVATED = EventKind(
    "person.reactivated",
    _("Opened the account to sign-in again"),
    frozenset({Audience.AUDIT}),
)
SESSIONS_ENDED = EventKind(
    "person.sessions_ended",
    _("Ended the person’s sessions"),
    frozenset({Audience.AUDIT}),
)
SECOND_FACTOR_RESET = EventKind(
    "person.second_factor_reset",
    _("Took away the second factor, so that a new one can be set up"),
    frozenset({Audience.AUDIT}),
)

ALL = (
    INVITED,
    INVITATION_ACCEPTED,
    DEACTIVATED,
    REACTIVATED,
    SESSIONS_ENDED,
    SECOND_FACTOR_RESET,
)
