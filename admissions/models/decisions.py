"""Decisions, their conditions and letters, and the offers that follow."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.states import ApplicationState


class Outcome(models.TextChoices):
    OFFER = "offer", _("Offer")
    WAITLIST = "waitlist", _("Waiting list")
    REJECT = "reject", _("Reject")

    @property
    def leads_to(self) -> ApplicationState:
        return _LEADS_TO[self]


_LEADS_TO = {
    Outcome.OFFER: ApplicationState.OFFERED,
    Outcome.WAITLIST: ApplicationState.WAITLISTED,
    Outcome.REJECT: ApplicationState.REJECTED,
}


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    VISIBLE = "visible", _("Visible to the applicant")
    RETURNED = "returned", _("Returned")
    VOID = "void", _("Void")


#: Not yet visible and not given up. At most one for each application.
LIVE_DECISIONS = (DecisionState.PROPOSED, DecisionState.APPROVED)


class Decision(models.Model):
    """A decision: proposed by a person, approved by another, then released and made visible.

    A returned decision stays as it is; what comes next is a new one. `due_at` is when a released
    decision may become visible: until then it can be taken back.
    """

    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    state = models.CharField(
        max_length=10, choices=DecisionState.choices, default=DecisionState.PROPOSED
    )
    reason = models.TextField()
    note_to_applicant = models.TextField(blank=True)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    without_review_reason = models.TextField(blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    overrule_reason = models.TextField(blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    visible_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=["proposed", "approved"]),
                name="one_live_decision_per_application",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values, state__in=DecisionState.values),
                name="decision_outcome_and_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "visible"])
                | Q(
                    proposer__isnull=False,
                    approver__isnull=False,
                    approved_at__isnull=False,
                ),
                name="decision_approved_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("proposer")),
                name="decision_approver_is_not_the_proposer",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None, due_at=None)
                | Q(
                    released_at__isnull=False,
                    released_by__isnull=False,
                    due_at__isnull=False,
                    approver__isnull=False,
                ),
                name="decision_released_after_approval",
            ),
            models.CheckConstraint(
                condition=~Q(state="visible")
                | Q(released_at__isnull=False, visible_at__isnull=False),
                name="decision_visible_after_release",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="decision_due",
                condition=Q(state="approved", released_at__isnull=False),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"decision {self.pk}"

    @property
    def status(self) -> DecisionState:
        return DecisionState(self.state)

    @property
    def result(self) -> Outcome:
        """The outcome as its enum member."""
        return Outcome(self.outcome)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_DECISIONS

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class ConditionKind(models.TextChoices):
    FINAL_TRANSCRIPT = "final_transcript", _("Final transcript")
    ENGLISH = "english", _("English test")
    DOCUMENT = "document", _("A document")
    OTHER = "other", _("Something else")


class ConditionState(models.TextChoices):
    PENDING = "pending", _("To be met")
    EVIDENCE_SENT = "evidence_sent", _("Evidence sent")
    MET = "met", _("Met")
    WAIVED = "waived", _("Waived")
    NOT_MET = "not_met", _("Not met")

    @property
    def colour(self) -> str:
        return {"met": "green", "waived": "green", "not_met": "red"}.get(self.value, "orange")


#: Nothing more is asked of the applicant.
SATISFIED = (ConditionState.MET, ConditionState.WAIVED)


class Condition(models.Model):
    """One thing an offer depends on. Its words are what the letter says."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    kind = models.CharField(max_length=16, choices=ConditionKind.choices)
    text = models.CharField(max_length=300)
    due_on = models.DateField(null=True)
    state = models.CharField(
        max_length=14, choices=ConditionState.choices, default=ConditionState.PENDING
    )
    changed_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "evidence_sent"])
                | Q(state__in=["met", "waived", "not_met"], settled_by__isnull=False),
                name="condition_settled_by_a_person",
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text

    @property
    def status(self) -> ConditionState:
        return ConditionState(self.state)


class DecisionLetter(models.Model):
    """The letter of an approved decision. Its document is visible when the decision is."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="letter")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT)
    rendered_at = models.DateTimeField(default=timezone.now)


class OfferState(models.TextChoices):
    LIVE = "live", _("Waiting for the reply")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Offer(models.Model):
    """An offer that its applicant can see. It can be accepted until `reply_by_at`, included."""

    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="offers"
    )
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="offer")
    conditional = models.BooleanField()
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.LIVE)
    made_visible_at = models.DateTimeField()
    reply_by_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=["live", "accepted"]),
                name="one_live_offer_per_application",
            ),
            models.CheckConstraint(
                condition=Q(reply_by_at__gt=F("made_visible_at")),
                name="offer_reply_after_it_is_visible",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"]) | Q(replied_at__isnull=False),
                name="offer_replied_when_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reply_by_at"], name="offer_live", condition=Q(state="live")),
        ]
        ordering: ClassVar = ["id"]

    @property
    def status(self) -> OfferState:
        return OfferState(self.state)
