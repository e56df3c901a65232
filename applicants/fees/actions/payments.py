"""Paying: an attempt is committed, the provider is called without a lock, its answer is recorded.

A payment's state changes only by what the provider says: in a signed webhook, or when asked.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from applicants import events, rules
from applicants.fees import messages, providers, queries, steps
from applicants.fees.providers import Checkout, ProviderDown, Report
from applicants.fees.steps import apply_report
from applicants.models import Application, Fee, Payment, PaymentState, WebhookDelivery
from applicants.states import OPEN
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record

logger = logging.getLogger("portal.fees")

UNDECIDED = (PaymentState.CREATED, PaymentState.PENDING)
#: A webhook can overtake our own note of the checkout that it is about; it is read again for so long.
OVERTAKING = timedelta(minutes=10)


def start_payment(application_id: int, *, actor: Actor, now: datetime | None = None) -> str:
    """Begin to pay, or go on with what was begun. Returns the provider's page for the browser.

    Three parts: the attempt is committed, the provider is called while nothing is locked, its
    answer is recorded. Raises Refused `payments_off`, `provider_down`, or as `begin_payment`; after
    `provider_down` nothing was charged, and the next try goes on with the same attempt, by the same
    idempotency key.
    """
    provider = providers.current()
    if provider is None:
        raise Refused("payments_off", gettext_lazy("Paying online is not possible at the moment."))
    payment = begin_payment(application_id, provider.name, actor=actor, now=now)
    if payment.state == PaymentState.PENDING:
        return payment.redirect_url
    application = payment.application
    try:
        checkout = provider.start(
            payment,
            return_url=_address("fees:returned", application),
            cancel_url=_address("fees:fee", application),
            # Not translated: the same idempotency key must come with the same words.
            description=f"Application fee, {application.reference}",
        )
    except ProviderDown as error:
        logger.warning("payment provider down: %s", error)
        raise Refused(
            "provider_down",
            gettext_lazy(
                "The payment service does not answer. Nothing was charged. Try again in a few "
                "minutes."
            ),
        ) from error
    return record_checkout(payment.pk, checkout, actor=actor, now=now)


def _address(url_name: str, application: Application) -> str:
    return str(settings.PUBLIC_URL) + reverse(url_name, args=[application.reference])


@door
def begin_payment(
    application_id: int, provider: str, *, actor: Actor, now: datetime | None = None
) -> Payment:
    """Commit an attempt with its idempotency key, or find the one that is under way.

    Raises Refused `not_allowed`, `moved_on`, `already_settled` or `waiver_undecided`.
    """
    now = now or timezone.now()
    fee, applications = steps.lock_fee_with_files(
        queries.fee_of(Application.objects.get(pk=application_id)).pk
    )
    application = next(row for row in applications if row.pk == application_id)
    if not rules.acts_as_applicant(actor, application):
        raise Refused("not_allowed", gettext_lazy("You are not allowed to do this."))
    if application.status not in OPEN:
        raise Refused("moved_on", gettext_lazy("This application is closed: nothing is due."))
    standing = queries.standing(fee)
    if standing.is_settled:
        raise Refused(
            "already_settled", gettext_lazy("The fee is settled. There is nothing to pay.")
        )
    if standing.has_undecided_waiver:
        raise Refused(
            "waiver_undecided",
            gettext_lazy("You have asked for a waiver. Take that back first if you want to pay."),
        )
    payment = Payment.objects.filter(fee=fee, state__in=UNDECIDED).first()
    if payment is None:
        payment = Payment.objects.create(
            fee=fee,
            application=application,
            provider=provider,
            amount=standing.balance,
            currency=fee.currency,
            created_at=now,
            changed_at=now,
        )
        record(
            events.PAYMENT_STARTED,
            stream=application.public_id,
            actor=actor,
            at=now,
            data={"payment": str(payment.public_id), "provider": provider},
        )
    return payment


@door
def record_checkout(
    payment_id: int, checkout: Checkout, *, actor: Actor, now: datetime | None = None
) -> str:
    """Remember where the applicant pays. From now on the payment is undecided, the fee in order."""
    now = now or timezone.now()
    fee, applications, payment = lock_payment(payment_id)
    if payment.state == PaymentState.CREATED:
        payment.state = PaymentState.PENDING
        payment.provider_reference = checkout.reference
        payment.redirect_url = checkout.redirect_url
        payment.changed_at = now
        payment.save(update_fields=["state", "provider_reference", "redirect_url", "changed_at"])
        steps.look_at_fee(fee, applications, now=now)
    return payment.redirect_url


def lock_payment(payment_id: int) -> tuple[Fee, list[Application], Payment]:
    """A payment with what it concerns, locked in the order: applications, fee, payment."""
    fee_id = Payment.objects.values_list("fee_id", flat=True).get(pk=payment_id)
    fee, applications = steps.lock_fee_with_files(fee_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    return fee, applications, payment


def receive_webhook(provider_name: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Verify a delivery and keep it as it came; the worker reads it. The same event twice is one row.

    Raises BadWebhook, also for a provider this installation does not use.
    """
    provider = providers.by_name(provider_name)
    if provider is None:
        raise providers.BadWebhook("unknown provider")
    provider.verify(body, headers)
    text = body.decode()
    keep_delivery(
        provider_name, provider.read(text).event_id, text, actor=Actor.provider(provider_name)
    )


@door
def keep_delivery(provider: str, event_id: str, body: str, *, actor: Actor) -> None:
    delivery = WebhookDelivery(provider=provider, event_id=event_id, body=body)
    WebhookDelivery.objects.bulk_create([delivery], ignore_conflicts=True)
    kept = WebhookDelivery.objects.get(provider=provider, event_id=event_id)
    if kept.processed_at is None:
        # Not a partial: where a robust callback fails, Django asks it for its name.
        transaction.on_commit(lambda: _nudge(kept.pk), robust=True)


def _nudge(delivery_id: int) -> None:
    """Have the worker read it now. If the broker is away, the timer does it in a minute."""
    from applicants.fees.tasks import process_delivery as task

    task.apply_async(args=[delivery_id], queue="signin", retry=False)


@door
def process_delivery(delivery_id: int, *, actor: Actor, now: datetime | None = None) -> str:
    """Do what a kept webhook says. Read already: nothing happens. Returns the outcome's code."""
    now = now or timezone.now()
    delivery = WebhookDelivery.objects.get(pk=delivery_id)
    if delivery.processed_at is not None:
        return delivery.outcome
    provider = providers.by_name(delivery.provider)
    report = provider.read(delivery.body).report if provider else None
    payment = _payment_of(report)
    if report is None or not report.reference:
        outcome = "not_about_a_payment"
    elif payment is None:
        outcome = "unknown_payment"
        if now < delivery.received_at + OVERTAKING:
            return outcome
    else:
        fee, applications, locked = lock_payment(payment.pk)
        outcome = apply_report(fee, applications, locked, report, actor=actor, now=now)
    WebhookDelivery.objects.filter(pk=delivery_id, processed_at=None).update(
        processed_at=now, outcome=outcome
    )
    return outcome


def _payment_of(report: Report | None) -> Payment | None:
    if report is None or not report.reference:
        return None
    return Payment.objects.filter(provider_reference=report.reference).first()


def check_payment(payment: Payment, *, actor: Actor, now: datetime | None = None) -> str:
    """Ask the provider how a payment stands, without a lock, and record the answer.

    Returns the outcome's code; `provider_down` when it does not answer.
    """
    provider = providers.by_name(payment.provider)
    if provider is None or payment.provider_reference is None:
        return "nothing_to_ask"
    try:
        report = provider.fetch(payment.provider_reference)
    except ProviderDown:
        return "provider_down"
    return confirm_payment(payment.pk, report, actor=actor, now=now)


def give_up_payment(
    application_id: int, *, actor: Actor, now: datetime | None = None
) -> str | None:
    """Close the attempt that is under way, at the provider and here, to pay anew or ask for a waiver.

    Returns the outcome's code, `paid` when the money came meanwhile; None when nothing is under way.
    Raises Refused `not_allowed` or `provider_down`.
    """
    application = Application.objects.get(pk=application_id)
    if not rules.acts_as_applicant(actor, application):
        raise Refused("not_allowed", gettext_lazy("You are not allowed to do this."))
    payment = Payment.objects.filter(
        fee=queries.fee_of(application), state=PaymentState.PENDING
    ).first()
    provider = providers.by_name(payment.provider) if payment else None
    if payment is None or provider is None or payment.provider_reference is None:
        return None
    try:
        report = provider.give_up(payment.provider_reference)
    except ProviderDown as error:
        raise Refused(
            "provider_down",
            gettext_lazy("The payment service does not answer. Try again in a few minutes."),
        ) from error
    return confirm_payment(payment.pk, report, actor=actor, now=now)


@door
def confirm_payment(
    payment_id: int, report: Report, *, actor: Actor, now: datetime | None = None
) -> str:
    """Record what a provider says of a payment. The second time nothing happens."""
    now = now or timezone.now()
    fee, applications, payment = lock_payment(payment_id)
    return apply_report(fee, applications, payment, report, actor=actor, now=now)


@door
def end_grace(fee_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """When the days of grace ended unpaid, the files wait for the fee. True when they do from now."""
    now = now or timezone.now()
    fee, applications = steps.lock_fee_with_files(fee_id)
    if not queries.grace_ended(now).filter(pk=fee_id).exists():
        return False
    steps.look_at_fee(fee, applications, now=now)
    waiting = [row for row in applications if row.submitted_at and row.status in OPEN]
    if waiting:
        messages.tell_held(fee, waiting, now=now)
    return True
