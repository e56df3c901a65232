"""Mails about the fee: to the applicant alone."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applicants.fees import queries
from applicants.fees.grounds import RefusalReason
from applicants.models import Application, Fee, Payment, Waiver
from applicants.names import name_of
from foundation.doors import step
from foundation.notifications.kinds import Audience, MessageKind, Paragraphs
from foundation.notifications.models import OutgoingMessage
from foundation.notifications.steps import enqueue
from foundation.ui.wording import deadline, moment, money


def _facts(application: Application) -> dict[str, Any]:
    return {
        "applicant": name_of(application),
        "reference": application.reference,
        "programme": application.intake.programme.title,
        "fee_page": settings.PUBLIC_URL + reverse("fees:fee", args=[application.reference]),
    }


def _application(message: OutgoingMessage) -> Application:
    return Application.objects.select_related("intake__programme", "applicant").get(
        pk=message.context["application"]
    )


def _build_paid(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    payment = Payment.objects.get(pk=message.context["payment"])
    return {
        **_facts(_application(message)),
        "amount": money(payment.amount, payment.currency),
        "paid_at": moment(payment.changed_at),
        "payment": str(payment.public_id),
    }


def _build_waiver(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    waiver = Waiver.objects.select_related("fee").get(pk=message.context["waiver"])
    reason = RefusalReason(waiver.refusal_reason).label if waiver.refusal_reason else ""
    return {
        **_facts(_application(message)),
        "note": Paragraphs(waiver.note_to_applicant),
        "reason": str(reason),
        "pay_by": deadline(grace) if (grace := waiver.fee.grace_until) else "",
        "amount": money(waiver.fee.amount, waiver.fee.currency),
    }


def _build_held(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    fee = Fee.objects.get(pk=message.context["fee"])
    return {**_facts(_application(message)), "amount": money(fee.amount, fee.currency)}


def _still_held(message: OutgoingMessage, now: datetime) -> bool:
    return not queries.is_in_order(Fee.objects.get(pk=message.context["fee"]), now)


def _sample() -> dict[str, Any]:
    return {
        "applicant": "Amara Okafor",
        "reference": "MLDS-27-7F3K9Q",
        "programme": "MSc Machine Learning and Data Science",
        "fee_page": "https://apply.example.ac.uk/applications/MLDS-27-7F3K9Q/fee/",
        "amount": money(Decimal(80), "GBP"),
        "paid_at": "9:30am on 10 January 2027",
        "payment": "5d0b6a0e-0000-4000-8000-000000000000",
        "note": Paragraphs("The letter is from 2019. Please send one of the last three months."),
        "reason": str(RefusalReason.OUTSIDE_PERIOD.label),
        "pay_by": "11:59pm on Sunday 24 January 2027 (UK time)",
    }


PAID = MessageKind(
    code="fee.paid",
    audience=Audience.APPLICANT,
    description=_("When the payment provider confirmed a payment."),
    build=_build_paid,
    sample=_sample,
)
WAIVER_MORE_EVIDENCE = MessageKind(
    code="fee.waiver_more_evidence",
    audience=Audience.APPLICANT,
    description=_("When finance asks for more evidence."),
    build=_build_waiver,
    sample=_sample,
)
WAIVER_GRANTED = MessageKind(
    code="fee.waiver_granted",
    audience=Audience.APPLICANT,
    description=_("When finance granted a waiver."),
    build=_build_waiver,
    sample=_sample,
)
WAIVER_REFUSED = MessageKind(
    code="fee.waiver_refused",
    audience=Audience.APPLICANT,
    description=_("When finance refused a waiver, with the days left to pay."),
    build=_build_waiver,
    sample=_sample,
)
HELD = MessageKind(
    code="fee.held",
    audience=Audience.APPLICANT,
    description=_("When the days of grace ended unpaid and the files wait for the fee."),
    build=_build_held,
    still_wanted=_still_held,
    sample=_sample,
)
ALL = (PAID, WAIVER_MORE_EVIDENCE, WAIVER_GRANTED, WAIVER_REFUSED, HELD)


@step
def tell_paid(payment: Payment, application: Application) -> None:
    enqueue(
        PAID,
        recipient=application.applicant.email,
        context={"application": application.pk, "payment": payment.pk},
        dedupe_key=f"{PAID.code}:{payment.pk}",
    )


@step
def tell_waiver(
    kind: MessageKind, waiver: Waiver, application: Application, *, now: datetime
) -> None:
    enqueue(
        kind,
        recipient=application.applicant.email,
        context={"application": application.pk, "waiver": waiver.pk},
        dedupe_key=f"{kind.code}:{waiver.pk}:{int(now.timestamp())}",
    )


@step
def tell_held(fee: Fee, applications: list[Application], *, now: datetime) -> None:
    """One mail, about the choice that is read first."""
    first = min(applications, key=lambda application: application.choice_rank)
    enqueue(
        HELD,
        recipient=first.applicant.email,
        context={"application": first.pk, "fee": fee.pk},
        dedupe_key=f"{HELD.code}:{fee.pk}:{int(now.timestamp())}",
    )
