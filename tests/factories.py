"""People, intakes and applications for tests, made by the portal's own actions.

    person = make_person()
    application = submitted(applicant=person)

`draft` is empty; `ready_draft` lacks nothing but the click on "Submit", the fee waived included;
`submitted` waits for its two letters.
"""

import hashlib
import io
import itertools
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from applicants import actions, demo
from applicants.fees import steps as fee_steps
from applicants.models import (
    Application,
    EnglishBasis,
    EntryKind,
    Fee,
    FileKind,
    GradeScale,
    LedgerEntry,
    QualificationStatus,
    Waiver,
    WaiverState,
)
from applicants.steps.locks import lock_applications
from foundation.accounts import notices
from foundation.accounts import steps as account_steps
from foundation.accounts.models import Person
from foundation.documents import Received, names
from foundation.doors import Actor
from programmes.models import (
    DocumentKind,
    DocumentRequirement,
    Intake,
    Programme,
    RequirementSet,
    RoleGrant,
)
from programmes.roles import Role

#: A Tuesday in winter, when London is on UTC.
NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"

_numbers = itertools.count(1)


def make_person(
    full_name: str = "Zoë O’Brien-Łukasiewicz", *, email: str = "", staff: bool = False
) -> Person:
    """Somebody with a confirmed address, who has accepted the notices and can sign in."""
    number = next(_numbers)
    person = Person.objects.create_user(
        email or f"person{number}@people.example",
        PASSWORD,
        full_name=full_name,
        is_staff_member=staff,
    )
    with transaction.atomic():
        account_steps.add_verified_address(person)
        for notice in notices.awaiting_acceptance(person):
            notices.accept_notice(person, notice.code)
    return person


def make_staff(
    *roles: Role, full_name: str = "Olive Barker", programme: Programme | None = None
) -> Person:
    """A member of staff with these roles, for a programme or all. No second factor is set up."""
    person = make_person(full_name, staff=True)
    for role in roles:
        RoleGrant.objects.create(
            person=person,
            role=role,
            programme=programme,
            from_at=datetime(2020, 1, 1, tzinfo=UTC),
        )
    return person


def make_programme(code: str = "", **fields: Any) -> Programme:
    number = next(_numbers)
    code = code or f"PRG{number}"
    existing = Programme.objects.filter(code=code).first()
    if existing is not None:
        return existing
    return Programme.objects.create(
        code=code,
        slug=f"programme-{code.lower()}",
        title=fields.pop("title", f"MSc Test Programme {code}"),
        award="MSc",
        published=True,
        **fields,
    )


def make_requirement_set(programme: Programme) -> RequirementSet:
    """As MLDS asks: statement, transcripts, certificates for awarded degrees, CV; IELTS 7.0."""
    requirements = RequirementSet.objects.create(
        programme=programme, label=f"set {next(_numbers)}", ielts_overall=Decimal("7.0")
    )
    for position, (kind, only_when_awarded, many) in enumerate(
        (
            (DocumentKind.PERSONAL_STATEMENT, False, False),
            (DocumentKind.TRANSCRIPT, False, True),
            (DocumentKind.CERTIFICATE, True, True),
            (DocumentKind.CV, False, False),
        )
    ):
        DocumentRequirement.objects.create(
            requirement_set=requirements,
            kind=kind,
            only_when_awarded=only_when_awarded,
            many=many,
            position=position,
        )
    return requirements


def make_intake(
    programme: Programme | None = None, *, now: datetime | None = None, **fields: Any
) -> Intake:
    """An intake that opened a month before `now` and closes ten weeks after it, fee £80."""
    now = now or NOW
    programme = programme or make_programme()
    closes_on = (now + timedelta(weeks=10)).date()
    values: dict[str, Any] = {
        "reference": f"{programme.code.lower()}-{next(_numbers)}-autumn",
        "cycle": 2027,
        "label": "Autumn 2027",
        "entry_text": "September 2027",
        "opens_at": now - timedelta(days=30),
        "closes_at": datetime.combine(
            closes_on, time(23, 59, 59), tzinfo=timezone.get_default_timezone()
        ),
        "places": 40,
        "offer_limit": 50,
        "fee_amount": Decimal("80.00"),
        "fee_currency": "GBP",
        **fields,
    }
    if "requirement_set" not in values:
        values["requirement_set"] = make_requirement_set(programme)
    return Intake.objects.create(programme=programme, **values)


def draft(
    *,
    applicant: Person | None = None,
    intake: Intake | None = None,
    now: datetime | None = None,
) -> Application:
    """A started application with nothing filled in."""
    now = now or NOW
    person = applicant or make_person()
    return actions.start_application(
        person, intake or make_intake(now=now), actor=Actor.person(person), now=now
    )


def ready_draft(
    *,
    applicant: Person | None = None,
    intake: Intake | None = None,
    now: datetime | None = None,
    fee_settled: bool = True,
) -> Application:
    """A draft that can be submitted: every section filled, two referees, the fee waived."""
    now = now or NOW
    application = draft(applicant=applicant, intake=intake, now=now)
    fill(application, now=now)
    if fee_settled:
        settle_fee(application, now=now)
    return Application.objects.get(pk=application.pk)


def submitted(
    *,
    applicant: Person | None = None,
    intake: Intake | None = None,
    now: datetime | None = None,
) -> Application:
    """Submitted and waiting for its two letters."""
    now = now or NOW
    application = ready_draft(applicant=applicant, intake=intake, now=now)
    actions.submit_application(application.pk, actor=Actor.person(application.applicant), now=now)
    return Application.objects.get(pk=application.pk)


def fill(application: Application, *, now: datetime | None = None) -> None:
    """Fill every section of the applicant's own, and name two referees."""
    now = now or NOW
    actor = Actor.person(application.applicant)
    actions.save_personal_details(
        application.pk,
        legal_name=application.applicant.full_name,
        date_of_birth=date(1998, 5, 17),
        nationality="IE",
        residence="GB",
        phone="+44 20 7946 0018",
        actor=actor,
        now=now,
    )
    actions.save_qualification(
        application.pk,
        institution="Trinity College Dublin",
        country="IE",
        award="BA",
        subject="Mathematics",
        status=QualificationStatus.AWARDED,
        awarded_on=date(2020, 9, 4),
        grade_scale=GradeScale.HONOURS,
        grade_value="First",
        actor=actor,
        now=now,
    )
    actions.save_english(
        application.pk,
        basis=EnglishBasis.DEGREE,
        degree_country="IE",
        actor=actor,
        now=now,
    )
    actions.save_statement(
        application.pk,
        text="\n\n".join(demo.STATEMENT_PARAGRAPHS),
        actor=actor,
        now=now,
    )
    for kind in FileKind:
        actions.add_file(
            application.pk,
            kind=kind,
            received=received_pdf(f"{kind.value}.pdf"),
            actor=actor,
            now=now,
        )
    demo.name_two_referees(application, now=now)


def received_pdf(name: str = "file.pdf", content: bytes | None = None) -> Received:
    """A small PDF that has passed every check, stored as `documents.receive` stores one."""
    if content is None:
        content = demo.sample_pdf(name, [f"Number {next(_numbers)}"])
    storage_name = default_storage.save(names.new_storage_name(), File(io.BytesIO(content)))
    return Received(
        storage_name=storage_name,
        original_name=name,
        content_type="application/pdf",
        size=len(content),
        pages=1,
        has_text=True,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def settle_fee(application: Application, *, now: datetime | None = None) -> None:
    """Settle the fee by a granted waiver, written as the fee's own steps write it."""
    now = now or NOW
    officer = make_person("Fiona Grant", staff=True)
    with transaction.atomic():
        covered = lock_applications(
            Application.objects.filter(
                applicant_id=application.applicant_id, cycle=application.cycle
            ).values_list("pk", flat=True)
        )
        fee = Fee.objects.select_for_update().get(
            applicant_id=application.applicant_id, cycle=application.cycle
        )
        waiver = Waiver.objects.create(
            fee=fee,
            application=application,
            ground="income",
            explanation="For a test",
            state=WaiverState.GRANTED,
            requested_at=now,
            due_on=now.date(),
            decided_at=now,
            decided_by=officer,
        )
        LedgerEntry.objects.create(
            fee=fee,
            kind=EntryKind.WAIVER,
            amount=fee.amount,
            currency=fee.currency,
            waiver=waiver,
            at=now,
        )
        fee_steps.look_at_fee(fee, covered, now=now)
