"""What is due by time: unread webhooks, payments that hang, the end of grace, the ledger's proof."""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from applicants.fees import actions, queries
from applicants.models import Payment, PaymentState, WebhookDelivery
from foundation.doors import Actor
from foundation.timers import Timer

logger = logging.getLogger("portal.fees")

#: A payment that is undecided for so long is asked about; its provider may have lost a webhook.
ASK_AFTER = timedelta(minutes=10)


def read_deliveries(now: datetime, dry_run: bool) -> list[str]:
    done = []
    waiting = WebhookDelivery.objects.filter(
        processed_at=None, received_at__lt=now - timedelta(seconds=30)
    ).order_by("id")
    for delivery in waiting:
        if not dry_run:
            actions.process_delivery(delivery.pk, actor=Actor.provider(delivery.provider), now=now)
        done.append(f"delivery {delivery.pk}")
    return done


def reconcile_payments(now: datetime, dry_run: bool) -> list[str]:
    done = []
    hanging = Payment.objects.filter(
        state=PaymentState.PENDING, changed_at__lt=now - ASK_AFTER
    ).order_by("id")
    for payment in hanging:
        outcome = (
            "would ask"
            if dry_run
            else actions.check_payment(payment, actor=Actor.timer("fees.reconcile"), now=now)
        )
        done.append(f"payment {payment.pk}: {outcome}")
    return done


def end_grace(now: datetime, dry_run: bool) -> list[str]:
    actor = Actor.timer("fees.end_grace")
    return [
        f"fee {fee.pk}"
        for fee in queries.grace_ended(now)
        if dry_run or actions.end_grace(fee.pk, actor=actor, now=now)
    ]


def compare_ledger(now: datetime, dry_run: bool) -> list[str]:
    """Report payments on which the ledger and the payment disagree. It mends nothing by itself."""
    found = [f"payment {payment.pk}" for payment in queries.entries_disagreeing()]
    if found:
        logger.error("ledger and payments disagree: %s", len(found))
    return found


ALL = (
    Timer(
        "fees.read_deliveries",
        timedelta(minutes=1),
        _("Reads webhooks of payment providers that were not read at once."),
        read_deliveries,
    ),
    Timer(
        "fees.reconcile",
        timedelta(hours=1),
        _("Asks the provider about payments that hang."),
        reconcile_payments,
    ),
    Timer(
        "fees.end_grace",
        timedelta(hours=1),
        _("Pauses the clock of files whose days of grace ended unpaid."),
        end_grace,
    ),
    Timer(
        "fees.compare_ledger",
        timedelta(days=1),
        _("Compares the ledger with the payments."),
        compare_ledger,
    ),
)
