"""Whatever comes in whatever order: money in is money recorded, and nothing counts twice."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applicants.fees import actions, queries
from applicants.fees.actions import payments
from applicants.fees.providers import by_name
from applicants.fees.queries import UNDECIDED_WAIVER
from applicants.models import (
    Application,
    EntryKind,
    LedgerEntry,
    Payment,
    PaymentState,
    Waiver,
    WebhookDelivery,
)
from foundation import timers
from foundation.doors import Actor, Refused
from tests.factories import NOW, draft, make_intake, make_person
from tests.fees.money import (
    PROVIDER,
    ask_waiver,
    begin,
    body_of,
    finance,
    recorded,
    refuse,
    report,
    standing,
)

pytestmark = pytest.mark.django_db
STATES = {
    "open": None,
    "paid": PaymentState.PAID,
    "declined": PaymentState.FAILED,
    "abandoned": PaymentState.CANCELLED,
}
MOVES = (
    *("start", "pay", "decline", "abandon", "webhook", "webhook twice", "old webhook", "ask"),
    *("request", "grant", "refuse", "withdraw", "days", "give up"),
)


@dataclass
class World:
    """A provider's book and the portal beside it."""

    application: Application
    officer: Actor
    now: datetime = NOW
    book: dict = field(default_factory=dict)
    events: list = field(default_factory=list)
    told_paid: set = field(default_factory=set)

    def payments(self):
        return list(Payment.objects.filter(application=self.application).order_by("id"))

    def newest(self):
        return self.payments()[-1] if self.payments() else None

    def waiver(self):
        return Waiver.objects.filter(
            application=self.application, state__in=UNDECIDED_WAIVER
        ).first()

    def move(self, name: str, which: int) -> None:
        self.now += timedelta(minutes=1)
        if name in ("pay", "decline", "abandon"):
            self.at_provider(name, which)
        elif name.endswith(("webhook", "twice")):
            self.webhook(name, which)
        elif name == "days":
            self.now += timedelta(days=8)
            for timer in ("fees.end_grace", "fees.read_deliveries"):
                timers.get(timer).run(self.now, False)
        else:
            self.in_portal(name, which)

    def at_provider(self, name: str, which: int) -> None:
        found = self.payments()
        if not found:
            return
        reference = found[which % len(found)].provider_reference
        if self.book[reference] == "paid":
            return
        state = {"pay": "paid", "decline": "declined", "abandon": "abandoned"}[name]
        self.book[reference] = state
        self.events.append((reference, body_of(reference, state)))

    def webhook(self, name: str, which: int) -> None:
        if not self.events:
            return
        place = which % len(self.events) if name == "old webhook" else -1
        for _time in range(2 if "twice" in name else 1):
            self.deliver(*self.events[place])

    def deliver(self, reference: str, body: str) -> None:
        event = by_name("sandbox").read(body)
        payments.keep_delivery("sandbox", event.event_id, body, actor=PROVIDER)
        kept = WebhookDelivery.objects.get(event_id=event.event_id)
        payments.process_delivery(kept.pk, actor=PROVIDER, now=self.now)
        self.heard(reference, event.report.state)

    def heard(self, reference: str, state) -> None:
        if state == PaymentState.PAID:
            self.told_paid.add(reference)

    def in_portal(self, name: str, which: int) -> None:
        actor = Actor.person(self.application.applicant)
        waiver = self.waiver()
        if name == "start":
            self.book.setdefault(begin(self.application, now=self.now).provider_reference, "open")
        elif name in ("ask", "give up"):
            found = self.payments()
            if not found:
                return
            payment = found[which % len(found)]
            reference = payment.provider_reference
            if name == "give up" and self.book[reference] == "open":
                self.book[reference] = "abandoned"
            state = STATES[self.book[reference]]
            payments.confirm_payment(
                payment.pk, report(payment, state), actor=PROVIDER, now=self.now
            )
            self.heard(reference, state)
        elif name == "request":
            ask_waiver(self.application, now=self.now)
        elif waiver is None:
            return
        elif name == "grant":
            actions.grant_waiver(waiver.pk, actor=self.officer, now=self.now)
        elif name == "refuse":
            refuse(waiver, by=self.officer, now=self.now)
        elif name == "withdraw":
            actions.withdraw_waiver(waiver.pk, actor=actor, now=self.now)

    def check(self) -> None:
        owed = Decimal("80.00")
        paid = recorded(self.application, EntryKind.PAYMENT)
        waived = recorded(self.application, EntryKind.WAIVER)
        assert paid == owed * len(self.told_paid)
        entries = LedgerEntry.objects.filter(payment__application=self.application)
        assert entries.count() == entries.values("payment").distinct().count()
        states = {row.provider_reference: row.state for row in self.payments()}
        assert {key for key, state in states.items() if state == "paid"} == self.told_paid
        now = standing(self.application)
        assert now.balance == owed - paid - waived
        assert now.is_settled == (paid + waived >= owed)
        assert now.is_in_order(self.now) or not now.is_settled
        assert not queries.entries_disagreeing().exists()
        undecided = Payment.objects.filter(
            application=self.application, state__in=["created", "pending"]
        )
        assert undecided.count() <= 1


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 3)), max_size=14))
def test_money_in_is_money_recorded(moves):
    world = World(draft(applicant=make_person(), intake=make_intake()), finance())
    for name, which in moves:
        with contextlib.suppress(Refused):
            world.move(name, which)
        world.check()
