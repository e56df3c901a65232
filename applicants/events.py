"""What can happen to an application besides its transitions (those are in `workflow`)."""

from django.utils.translation import gettext_lazy as _

from foundation.history.kinds import Audience, EventKind

EVERYBODY = frozenset({Audience.APPLICANT, Audience.READERS, Audience.OFFICE, Audience.AUDIT})
OWN = frozenset({Audience.APPLICANT, Audience.OFFICE, Audience.AUDIT})
MONEY = frozenset({Audience.APPLICANT, Audience.FINANCE})

STARTED = EventKind("application.started", _("Started an application."), OWN)
SECTION_SAVED = EventKind("application.section_saved", _("Saved a section."), OWN)
FILE_ADDED = EventKind("application.file_added", _("Added a file."), OWN)
FILE_REMOVED = EventKind("application.file_removed", _("Removed a file."), OWN)
NOMINEE_NAMED = EventKind("application.nominee_named", _("Named a referee."), OWN)
NOMINEE_REPLACED = EventKind("application.nominee_replaced", _("Replaced a referee."), OWN)
REQUIREMENT_MET = EventKind("application.requirement_met", _("A requirement was met."), EVERYBODY)
REQUIREMENT_OPENED = EventKind(
    "application.requirement_opened", _("A requirement is open."), EVERYBODY
)
REQUIREMENT_WAIVED = EventKind(
    "application.requirement_waived",
    _("A requirement was waived by the office."),
    EVERYBODY,
)
CLOCK_PAUSED = EventKind("application.clock_paused", _("The review clock was paused."), OWN)
CLOCK_RESUMED = EventKind("application.clock_resumed", _("The review clock runs again."), OWN)
CLOCK_STOPPED = EventKind(
    "application.clock_stopped",
    _("The review clock stopped: the decision is visible."),
    frozenset({Audience.OFFICE, Audience.AUDIT}),
)
CHARGED = EventKind("fee.charged", _("The fee became due."), MONEY)
PAYMENT_STARTED = EventKind("fee.payment_started", _("A payment was started."), MONEY)
PAYMENT_PAID = EventKind("fee.payment_paid", _("The fee was paid."), MONEY)
PAYMENT_FAILED = EventKind("fee.payment_failed", _("A payment did not go through."), MONEY)
PAYMENT_CANCELLED = EventKind("fee.payment_cancelled", _("A payment was given up."), MONEY)
WAIVER_REQUESTED = EventKind("fee.waiver_requested", _("A waiver was asked for."), MONEY)
WAIVER_EVIDENCE_ADDED = EventKind(
    "fee.waiver_evidence_added", _("Evidence for the waiver was added."), MONEY
)
WAIVER_MORE_EVIDENCE = EventKind(
    "fee.waiver_more_evidence", _("More evidence was asked for."), MONEY
)
WAIVER_GRANTED = EventKind("fee.waiver_granted", _("The waiver was granted."), MONEY)
WAIVER_REFUSED = EventKind("fee.waiver_refused", _("The waiver was refused."), MONEY)
WAIVER_WITHDRAWN = EventKind("fee.waiver_withdrawn", _("The waiver request was withdrawn."), MONEY)
FEE_HELD = EventKind(
    "fee.held",
    _("The file waits: the fee is on hold."),
    frozenset({Audience.APPLICANT, Audience.OFFICE, Audience.FINANCE}),
)
FEE_RELEASED = EventKind(
    "fee.released",
    _("The fee is in order again."),
    frozenset({Audience.APPLICANT, Audience.OFFICE, Audience.FINANCE}),
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, EventKind))
