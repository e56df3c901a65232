"""One portal full of people and files, rich enough that every page has something to show.

The owner's applications stand at every stage, all of them for programme A. Everything that happened to
them happened by the portal's own actions.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.utils import timezone

from applicants.fees import actions as fee_actions
from applicants.fees.grounds import Ground
from applicants.fees.providers import Checkout, Report
from applicants.models import Application, Payment, PaymentState, Waiver
from foundation.accounts.models import Person
from foundation.documents.models import DocumentVersion, VersionState
from foundation.doors import Actor
from foundation.notifications import mailbox
from foundation.notifications.models import OutgoingMessage
from programmes.actions import invite_staff
from programmes.models import Intake, Programme, RoleGrant
from programmes.roles import Role
from referees import actions as referee_actions
from referees import links
from referees.models import ReferenceRequest
from tests.admissions import office
from tests.factories import (
    draft,
    fill,
    make_intake,
    make_person,
    make_programme,
    make_staff,
    ready_draft,
    received_pdf,
    submitted,
)
from tests.permissions.people import KINDS, Family, Kind
from tests.sign_in import sign_in_as

#: What the confidential parts say, to be looked for on pages.
WAIVER_WORDS = "I lost my income when the mill closed"
PROPOSAL_WORDS = "The panel found the mathematics outstanding"
CONDITION_WORDS = "Send us your final transcript"


@dataclass
class World:
    """The objects that addresses are about, and a signed-in browser for every kind of person."""

    now: datetime
    here: Programme
    elsewhere: Programme
    owner: Person
    staff: office.Staff
    applications: dict[str, Application] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(False))
    people: dict[str, Person] = field(default_factory=dict)

    def browser(self, kind: Kind | str) -> Client:
        """A browser of this kind of person, as it was when the world was built."""
        client = Client()
        client.handler = self.handler  # a new one would load all the middleware again
        client.cookies.load(self.cookies[str(kind)])
        return client

    def intake(self) -> Intake:
        """One for each application: a person applies once in a cycle, or twice."""
        cycle = 2027 + len(self.applications)
        return make_intake(self.here, now=self.now, cycle=cycle)


@contextmanager
def portal() -> Iterator[World]:
    """Build the world in a transaction that is rolled back at the end, with a mailbox of its own."""
    outer: Any = transaction.atomic()
    # As in Django's TestCase: a door may open its durable transaction inside.
    outer._from_testcase = True
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(
            MAILBOX_DIR=Path(folder),
            EMAIL_BACKEND="foundation.notifications.mailbox.MailboxBackend",
            # Everybody signed in when the world was built, and a slow machine takes a while.
            ACCOUNT_REAUTHENTICATION_TIMEOUT=3600,
        ),
        outer,
    ):
        yield build()
        transaction.set_rollback(True)


def build() -> World:
    now = timezone.now()
    here, elsewhere = make_programme(), make_programme()
    world = World(now, here, elsewhere, make_person("Ottilie Ownerby"), office.Staff.make(here))
    _drafts(world)
    _files(world)
    _letters(world)
    _around(world)
    for kind in KINDS:
        world.cookies[kind.code] = _browser(kind, world).cookies
    return world


def _drafts(world: World) -> None:
    options: dict[str, Any] = {"applicant": world.owner, "now": world.now}
    world.applications["draft"] = ready_draft(**options, intake=world.intake(), fee_settled=False)
    waiving = draft(**options, intake=world.intake())
    fill(waiving, now=world.now)
    world.applications["waiving"] = waiving
    waiver, evidence = ask_for_waiver(waiving, now=world.now)
    world.named |= {"waiver": waiver, "evidence": evidence}
    unusable = waiving.files.order_by("id")[0].document
    DocumentVersion.objects.filter(document=unusable).update(state=VersionState.INFECTED)
    world.named["unusable"] = unusable
    paying = draft(**options, intake=world.intake())
    world.applications["paying"] = paying
    pay(paying, now=world.now)


def ask_for_waiver(application: Application, *, now: datetime) -> tuple[Waiver, Any]:
    actor = office.by(application.applicant)
    waiver = fee_actions.request_waiver(
        application.pk, actor=actor, ground=Ground.LOST_WORK, explanation=WAIVER_WORDS, now=now
    )
    evidence = fee_actions.add_waiver_evidence(
        waiver.pk, received_pdf("payslip.pdf"), actor=actor, now=now
    )
    return waiver, evidence


def pay(application: Application, *, now: datetime) -> Payment:
    """Pay the fee, as the provider reports it."""
    payment = fee_actions.payments.begin_payment(
        application.pk, "sandbox", actor=office.by(application.applicant), now=now
    )
    provider = Actor.provider("sandbox")
    checkout = Checkout(f"checkout-{payment.pk}", "https://pay.example/checkout")
    fee_actions.payments.record_checkout(payment.pk, checkout, actor=provider, now=now)
    report = Report(checkout.reference, PaymentState.PAID, Decimal(payment.amount), "GBP")
    fee_actions.payments.confirm_payment(payment.pk, report, actor=provider, now=now)
    return payment


def _files(world: World) -> None:
    """Complete files, at the stages at which the office has pages about them."""
    options: dict[str, Any] = {"applicant": world.owner, "now": world.now}
    made = world.applications
    made["in_review"] = office.in_review(**options, intake=world.intake())
    world.named["assignment"] = office.assigned(made["in_review"], world.staff, now=world.now)
    for stage, make in (("proposed", office.proposed), ("approved", office.approved)):
        made[stage] = office.in_review(**options, intake=world.intake())
        world.named[f"{stage}_decision"] = make(
            made[stage], world.staff, now=world.now, reason=PROPOSAL_WORDS
        )
    earlier = world.now - timedelta(days=2)
    options["now"] = earlier
    made["offered"] = office.in_review(**options, intake=world.intake())
    decision = office.visible(
        made["offered"], world.staff, now=earlier, conditions=[office.TRANSCRIPT]
    )
    world.named["condition"] = decision.conditions.get()


def _letters(world: World) -> None:
    """A request that is being answered, and another applicant's whose letter has come."""
    waiting = submitted(applicant=world.owner, intake=world.intake(), now=world.now)
    world.applications["submitted"] = waiting
    request = request_of(waiting, 1)
    actor = Actor.referee(request.pk)
    world.named["token"] = links.mint(request).rstrip("/").rsplit("/", 1)[-1]
    referee_actions.open_request(request.pk, actor=actor, now=world.now)
    referee_actions.save_draft(
        request.pk,
        name=request.nominee.full_name,
        post=request.nominee.post,
        institution=request.nominee.institution,
        relationship=request.nominee.relationship,
        received=received_pdf("letter.pdf"),
        actor=actor,
        now=world.now,
    )
    world.named["request"] = request
    stranger = submitted(
        applicant=make_person("Stellan Strangeway"), intake=world.intake(), now=world.now
    )
    office.send_letter(stranger, 1, now=world.now)
    world.applications["strangers"] = stranger
    world.named["other_request"] = request_of(stranger, 1)


def request_of(application: Application, position: int) -> ReferenceRequest:
    return ReferenceRequest.objects.get(
        application=application, nominee__position=position, nominee__replaced_at=None
    )


def _around(world: World) -> None:
    """An invitation, a mail, an address to confirm, a role to end."""
    _invited, link = invite_staff(
        "invited@people.example",
        "Ines Invited",
        Role.REVIEWER,
        world.here,
        actor=office.by(make_staff(Role.HEAD_OF_ADMISSIONS)),
        reason="A new reader",
    )
    mail = EmailMultiAlternatives("Hello", "words", "portal@example.org", ["ada@example.org"])
    mail.attach_alternative("<p>words</p>", "text/html")
    get_connection().send_messages([mail])
    unconfirmed = EmailAddress.objects.create(
        user=make_person("Una Unconfirmed"), email="una@people.example"
    )
    world.named |= {
        "next_intake": world.intake(),
        "invitation": link.rstrip("/").rsplit("/", 1)[-1],
        "mail": next(iter(mailbox.newest())).name,
        "confirmation": EmailConfirmationHMAC(unconfirmed).key,
        "grant": RoleGrant.objects.get(person=world.staff.officer),
        "message": OutgoingMessage.objects.filter(state="queued").latest("created_at"),
    }


def _browser(kind: Kind, world: World) -> Client:
    client = Client()
    if kind.family is Family.VISITOR:
        return client
    if kind.family is Family.REFEREE:
        request = world.named["request" if kind.is_of_this else "other_request"]
        assert client.post(links.mint(request).removeprefix(settings.PUBLIC_URL)).status_code == 302
        return client
    person = _person(kind, world)
    world.people[kind.code] = person
    return sign_in_as(
        client,
        person,
        second_factor=person.is_staff_member and not kind.lacks_second_factor,
        seconds_ago=7200 if kind.is_stale else 0,
    )


def _person(kind: Kind, world: World) -> Person:
    if kind.family is Family.OWNER:
        return world.owner
    if kind.family is Family.APPLICANT:
        return world.applications["strangers"].applicant
    programme = {"here": world.here, "elsewhere": world.elsewhere}.get(kind.scope)
    person = world.staff.reviewer
    if not kind.is_assigned:
        person = make_staff(*kind.roles, full_name=f"Staff {kind.code}", programme=programme)
    if kind.has_app:
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    if kind.has_ended:
        RoleGrant.objects.filter(person=person).update(until_at=world.now - timedelta(minutes=1))
    return person
