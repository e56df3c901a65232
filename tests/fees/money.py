"""Payments and waivers as the tests make them, without a provider that answers."""

import itertools
import json
import threading
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from applicants.fees import actions, queries
from applicants.fees.actions import payments
from applicants.fees.grounds import Ground, RefusalReason
from applicants.fees.providers import Checkout, Report
from applicants.models import Application, LedgerEntry, Payment, PaymentState, Waiver
from foundation.doors import Actor, Refused
from programmes.roles import Role
from tests.factories import NOW, make_staff

PROVIDER = Actor.provider("sandbox")
NOTE = "The letter is from another year"
EXPLANATION = "My landlord sold the house over our heads"
_numbers = itertools.count(1)


def applicant_of(application: Application) -> Actor:
    return Actor.person(application.applicant)


def begin(application: Application, *, now: datetime = NOW) -> Payment:
    """A payment that is under way at the provider."""
    actor = applicant_of(application)
    payment = payments.begin_payment(application.pk, "sandbox", actor=actor, now=now)
    if payment.state == PaymentState.CREATED:
        reference = f"sbx_test_{next(_numbers)}"
        checkout = Checkout(reference, f"https://pay.example/{reference}")
        payments.record_checkout(payment.pk, checkout, actor=actor, now=now)
    payment.refresh_from_db()
    return payment


def report(payment: Payment, state: PaymentState | None, **changes) -> Report:
    values = {
        "reference": payment.provider_reference,
        "state": state,
        "amount": payment.amount,
        "currency": payment.currency,
        **changes,
    }
    return Report(**values)


def confirm(
    payment: Payment, state: PaymentState = PaymentState.PAID, *, now: datetime = NOW, **changes
) -> str:
    return payments.confirm_payment(
        payment.pk, report(payment, state, **changes), actor=PROVIDER, now=now
    )


def body_of(reference: str, state: str, *, amount="80.00", currency="GBP", event="") -> str:
    """A webhook's body, as the sandbox sends it."""
    checkout = {"id": reference, "state": state, "amount": amount, "currency": currency}
    return json.dumps({"id": event or f"evt_{next(_numbers)}", "checkout": checkout})


def ask_waiver(application: Application, *, now: datetime = NOW) -> Waiver:
    return actions.request_waiver(
        application.pk,
        actor=applicant_of(application),
        ground=Ground.LOST_WORK,
        explanation=EXPLANATION,
        now=now,
    )


def finance(**values) -> Actor:
    return Actor.person(make_staff(Role.FINANCE_OFFICER, full_name="Fiona Grant", **values))


def refuse(waiver: Waiver, *, by: Actor | None = None, now: datetime = NOW) -> Waiver:
    return actions.refuse_waiver(
        waiver.pk,
        actor=by or finance(),
        reason=RefusalReason.OUTSIDE_PERIOD,
        note=NOTE,
        now=now,
    )


def standing(application: Application) -> queries.Standing:
    return queries.standing_for(application)


def recorded(application: Application, kind: str) -> Decimal:
    entries = LedgerEntry.objects.filter(
        fee__applicant=application.applicant, fee__cycle=application.cycle, kind=kind
    )
    return sum((entry.amount for entry in entries), Decimal(0))


def at_once(*works):
    """Run these in threads that start together, and return what each returned or was refused."""
    start = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(number, work):
        try:
            start.wait()
            found[number] = work()
        except Refused as refusal:
            found[number] = refusal.code
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(number, work)) for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
