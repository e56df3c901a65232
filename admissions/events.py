"""What can happen to a file in the office, besides the application's transitions."""

from django.utils.translation import gettext_lazy as _

from foundation.history.kinds import Audience, EventKind

#: Nothing of these is ever the applicant's to see.
INSIDE = frozenset({Audience.READERS, Audience.OFFICE, Audience.AUDIT})
OFFICE = frozenset({Audience.OFFICE, Audience.AUDIT})
EVERYBODY = INSIDE | {Audience.APPLICANT}

ASSIGNED = EventKind("review.assigned", _("A reviewer was assigned."), INSIDE)
RELEASED = EventKind("review.released", _("A reviewer was taken off the file."), INSIDE)
RECUSED = EventKind("review.recused", _("A reviewer stepped back from the file."), OFFICE)
READING = EventKind("review.reading", _("A reviewer began to read."), INSIDE)
REVIEWED = EventKind("review.submitted", _("A review was submitted."), INSIDE)
PROPOSED = EventKind("decision.proposed", _("A decision was proposed."), OFFICE)
RETURNED = EventKind("decision.returned", _("The proposed decision was returned."), OFFICE)
OVERRULED = EventKind(
    "decision.limit_overruled",
    _("A head of admissions approved an offer above the intake’s limit."),
    OFFICE,
)
LETTER_KEPT = EventKind("decision.letter_kept", _("The decision letter was made."), OFFICE)
RELEASED_DECISION = EventKind("decision.released", _("The decision was released."), OFFICE)
VOIDED = EventKind("decision.voided", _("The decision is void: the file moved on."), OFFICE)
CONDITION_MET = EventKind(
    "condition.met", _("A condition was met."), EVERYBODY, _("A condition of your offer was met.")
)
CONDITION_WAIVED = EventKind(
    "condition.waived",
    _("A condition was waived."),
    EVERYBODY,
    _("A condition of your offer was waived."),
)
CONDITION_NOT_MET = EventKind(
    "condition.not_met",
    _("A condition was not met."),
    EVERYBODY,
    _("A condition of your offer was not met."),
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, EventKind))
