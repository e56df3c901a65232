"""The fee: what is owed, the ledger that is the truth about it, payments and waivers.

Settled and in order are derived (`applicants.fees.queries`), never stored.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Fee(models.Model):
    """One fee for an applicant's choices in a cycle, frozen when the first of them is started.

    `grace_until` runs after a refused waiver or a failed payment; when it ends unpaid, `held_at`
    says since when the applicant's files wait for the fee.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="fees"
    )
    cycle = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3)
    frozen_at = models.DateTimeField(default=timezone.now)
    grace_until = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["applicant", "cycle"], name="one_fee_per_cycle"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="fee_not_negative"),
        ]


class PaymentState(models.TextChoices):
    CREATED = "created", _("Created")
    PENDING = "pending", _("Pending")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Refunded")
    DISPUTED = "disputed", _("Disputed")


class Payment(models.Model):
    """One attempt to pay at a provider. Its amount and currency are what was due when it began."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fee = models.ForeignKey(Fee, on_delete=models.PROTECT, related_name="payments")
    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="payments"
    )
    provider = models.CharField(max_length=12)
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True)
    provider_reference = models.CharField(max_length=80, null=True, unique=True)
    redirect_url = models.URLField(max_length=600, blank=True)
    state = models.CharField(
        max_length=10, choices=PaymentState.choices, default=PaymentState.CREATED
    )
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.UniqueConstraint(
                fields=["fee"],
                condition=Q(state__in=["created", "pending"]),
                name="one_undecided_payment_per_fee",
            ),
        ]


class WaiverState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    MORE_EVIDENCE = "more_evidence", _("More evidence asked for")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Waiver(models.Model):
    """A request not to pay, because of hardship. Seen by finance and the applicant only."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fee = models.ForeignKey(Fee, on_delete=models.PROTECT, related_name="waivers")
    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="waivers"
    )
    ground = models.CharField(max_length=24)
    explanation = models.TextField()
    state = models.CharField(
        max_length=14, choices=WaiverState.choices, default=WaiverState.REQUESTED
    )
    requested_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    refusal_reason = models.CharField(max_length=24, blank=True)
    note_to_applicant = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fee"],
                condition=Q(state__in=["requested", "more_evidence"]),
                name="one_undecided_waiver_per_fee",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "more_evidence", "withdrawn"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="waiver_decided_by_a_person",
            ),
        ]


class WaiverEvidence(models.Model):
    """A document that supports a waiver."""

    waiver = models.ForeignKey(Waiver, on_delete=models.PROTECT, related_name="evidence")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT)
    added_at = models.DateTimeField(default=timezone.now)


class EntryKind(models.TextChoices):
    CHARGE = "charge", _("Charge")
    PAYMENT = "payment", _("Payment")
    WAIVER = "waiver", _("Waiver")
    REFUND = "refund", _("Refund")


class LedgerEntry(models.Model):
    """What happened to the money. Rows are added, never changed; amounts are positive.

    What is owed = charges + refunds - payments - waivers.
    """

    append_only: ClassVar[bool] = True

    fee = models.ForeignKey(Fee, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True)
    waiver = models.ForeignKey(Waiver, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="entry_not_negative"),
            models.UniqueConstraint(
                fields=["fee"], condition=Q(kind="charge"), name="one_charge_per_fee"
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(kind="payment"),
                name="one_entry_per_payment",
            ),
            models.UniqueConstraint(
                fields=["waiver"],
                condition=Q(kind="waiver"),
                name="one_entry_per_waiver",
            ),
            models.CheckConstraint(
                condition=Q(kind="charge", payment__isnull=True, waiver__isnull=True)
                | Q(
                    kind__in=["payment", "refund"],
                    payment__isnull=False,
                    waiver__isnull=True,
                )
                | Q(kind="waiver", payment__isnull=True, waiver__isnull=False),
                name="entry_names_its_cause",
            ),
        ]


class WebhookDelivery(models.Model):
    """What a payment provider told us: verified, kept as it came, read by the worker."""

    provider = models.CharField(max_length=12)
    event_id = models.CharField(max_length=120)
    body = models.TextField()
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="one_delivery_per_provider_event"
            ),
        ]
