"""The states of an application, their groups, and what each audience calls them."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """Labels are the office's words; `applicant_label` is what an applicant reads."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for items")
    IN_REVIEW = "in_review", _("In review")
    INFORMATION_REQUESTED = "information_requested", _("Information requested")
    DECIDED = "decided", _("Decision approved")
    WAITLISTED = "waitlisted", _("Waiting list")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted, conditions open")
    ADMITTED = "admitted", _("Admitted")
    REJECTED = "rejected", _("Rejected")
    DECLINED = "declined", _("Offer declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Offer lapsed")
    OFFER_WITHDRAWN = "offer_withdrawn", _("Offer withdrawn")
    EXPIRED = "expired", _("Not submitted")
    INCOMPLETE = "incomplete", _("Closed: not complete")
    DEFERRED = "deferred", _("Deferred")

    @property
    def applicant_label(self) -> str:
        return str(_APPLICANT_LABELS[self])

    @property
    def colour(self) -> str:
        """The colour of the status tag; the word says the same."""
        return _COLOURS.get(self, "grey")

    @property
    def is_open(self) -> bool:
        """Something can still happen by the ordinary way."""
        return self in OPEN

    @property
    def is_with_office(self) -> bool:
        """Submitted and not yet answered: in the review queue."""
        return self in WITH_OFFICE


_State = ApplicationState
#: From the first click to an answer that ends it. A withdrawal is possible from each.
OPEN = frozenset(
    {
        _State.DRAFT,
        _State.SUBMITTED,
        _State.IN_REVIEW,
        _State.INFORMATION_REQUESTED,
        _State.DECIDED,
        _State.WAITLISTED,
        _State.OFFERED,
        _State.ACCEPTED,
        _State.ADMITTED,
        _State.DEFERRED,
    }
)
WITH_OFFICE = frozenset(
    {_State.SUBMITTED, _State.IN_REVIEW, _State.INFORMATION_REQUESTED, _State.DECIDED}
)
#: The applicant's own part is still theirs to change.
EDITABLE = frozenset({_State.DRAFT})
#: A decision has been made visible to the applicant at some time.
ANSWERED = frozenset(
    {
        _State.WAITLISTED,
        _State.OFFERED,
        _State.ACCEPTED,
        _State.ADMITTED,
        _State.REJECTED,
        _State.DECLINED,
        _State.LAPSED,
        _State.OFFER_WITHDRAWN,
        _State.DEFERRED,
    }
)
#: A place is kept: these count against an intake's limit.
HOLDS_PLACE = frozenset({_State.OFFERED, _State.ACCEPTED, _State.ADMITTED})

_APPLICANT_LABELS: dict[ApplicationState, str | Promise] = {
    _State.DRAFT: _("In progress"),
    _State.SUBMITTED: _("Submitted"),
    _State.IN_REVIEW: _("Being reviewed"),
    _State.INFORMATION_REQUESTED: _("We need something from you"),
    _State.DECIDED: _("Being reviewed"),
    _State.WAITLISTED: _("On the waiting list"),
    _State.OFFERED: _("You have an offer"),
    _State.ACCEPTED: _("Offer accepted"),
    _State.ADMITTED: _("Place confirmed"),
    _State.REJECTED: _("Unsuccessful"),
    _State.DECLINED: _("Declined"),
    _State.WITHDRAWN: _("Withdrawn"),
    _State.LAPSED: _("Offer lapsed"),
    _State.OFFER_WITHDRAWN: _("Offer withdrawn"),
    _State.EXPIRED: _("Not submitted"),
    _State.INCOMPLETE: _("Closed: not complete"),
    _State.DEFERRED: _("Deferred"),
}
_COLOURS: dict[ApplicationState, str] = {
    _State.DRAFT: "blue",
    _State.SUBMITTED: "orange",
    _State.IN_REVIEW: "teal",
    _State.INFORMATION_REQUESTED: "orange",
    _State.DECIDED: "teal",
    _State.WAITLISTED: "purple",
    _State.OFFERED: "green",
    _State.ACCEPTED: "green",
    _State.ADMITTED: "green",
}
