"""The applicants' and referees' part of a demonstration file."""

import hashlib
import io
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.base import File
from django.core.files.storage import default_storage

from admissions.demo.cast import Candidate
from applicants import actions
from applicants.demo import STATEMENT_PARAGRAPHS, sample_pdf
from applicants.fees.actions import request_waiver
from applicants.fees.actions.payments import begin_payment, confirm_payment, record_checkout
from applicants.fees.grounds import Ground
from applicants.fees.providers import Checkout, Report
from applicants.models import (
    Application,
    EnglishBasis,
    EnglishTest,
    FileKind,
    NomineeKind,
    PaymentState,
    QualificationStatus,
)
from foundation.accounts.models import Person
from foundation.documents import Received, names
from foundation.documents.purposes import PDF
from foundation.doors import Actor
from programmes.models import Intake
from referees import actions as referee_actions
from referees.models import ReferenceRequest

#: The name the demonstration's payments carry at their provider.
PROVIDER = "sandbox"
LETTER_LINES = [
    "I have known the applicant for three years and recommend them warmly.",
    "Among the students of their year they stand out for independence and care.",
]


def made_pdf(title: str, name: str, lines: list[str]) -> Received:
    """A PDF of our own making, so it needs none of the checks of an upload."""
    content = sample_pdf(title, lines)
    storage_name = default_storage.save(names.new_storage_name(), File(io.BytesIO(content)))
    return Received(
        storage_name=storage_name,
        original_name=name,
        content_type=PDF,
        size=len(content),
        pages=1,
        has_text=True,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def apply(candidate: Candidate, person: Person, intake: Intake, *, at: datetime) -> Application:
    """Start, fill in, settle the fee and submit, all within a week that ends at `at`."""
    actor = Actor.person(person)
    started = at - timedelta(days=5)
    application = actions.start_application(person, intake, actor=actor, now=started)
    _tell_about_oneself(application, candidate, actor, started + timedelta(hours=1))
    _name_referees(application, candidate, actor, started + timedelta(hours=2))
    _settle_fee(application, candidate, actor, at - timedelta(hours=1))
    return actions.submit_application(application.pk, actor=actor, now=at)


def _tell_about_oneself(
    application: Application, candidate: Candidate, actor: Actor, now: datetime
) -> None:
    scale, value = candidate.grade
    actions.save_personal_details(
        application.pk,
        legal_name=candidate.name,
        date_of_birth=candidate.born_on,
        nationality=candidate.country,
        residence=candidate.country,
        phone="+44 20 7946 0018",
        actor=actor,
        now=now,
    )
    actions.save_qualification(
        application.pk,
        institution=candidate.university,
        country=candidate.country,
        award=candidate.degree,
        subject=candidate.subject,
        status=QualificationStatus.AWARDED,
        awarded_on=candidate.born_on.replace(year=candidate.born_on.year + 23),
        grade_scale=scale,
        grade_value=value,
        actor=actor,
        now=now,
    )
    actions.save_english(
        application.pk,
        basis=EnglishBasis.TEST,
        test=EnglishTest.IELTS,
        overall=Decimal("7.5"),
        taken_on=now.date() - timedelta(days=120),
        actor=actor,
        now=now,
    )
    actions.save_statement(
        application.pk, text="\n\n".join(STATEMENT_PARAGRAPHS), actor=actor, now=now
    )
    for kind, lines in (
        (FileKind.TRANSCRIPT, ["Linear algebra  A", "Probability  A", "Programming  B"]),
        (FileKind.CERTIFICATE, [f"{candidate.degree}, {candidate.subject}"]),
        (FileKind.CV, ["Analyst, since 2021", f"{candidate.degree}, {candidate.university}"]),
    ):
        actions.add_file(
            application.pk,
            kind=kind,
            received=made_pdf(f"{kind.label}: {candidate.name}", f"{kind.value}.pdf", lines),
            actor=actor,
            now=now,
        )


def _name_referees(
    application: Application, candidate: Candidate, actor: Actor, now: datetime
) -> None:
    tag = candidate.email.partition("@")[0].replace(".", "-")
    for position, (name, kind, post, institution) in enumerate(
        (
            (candidate.referees[0], NomineeKind.ACADEMIC, "Lecturer", candidate.university),
            (candidate.referees[1], NomineeKind.PROFESSIONAL, "Team lead", "City Analytics"),
        ),
        start=1,
    ):
        actions.name_referee(
            application.pk,
            position,
            full_name=name,
            email=f"referee{position}.{tag}@letters.example",
            kind=kind,
            post=post,
            institution=institution,
            relationship="Has known the applicant for three years",
            actor=actor,
            now=now,
        )


def _settle_fee(
    application: Application, candidate: Candidate, actor: Actor, now: datetime
) -> None:
    if candidate.waiver:
        request_waiver(
            application.pk,
            actor=actor,
            ground=Ground.LOST_WORK,
            explanation="My contract ended in the summer, and I have not found work since.",
            now=now,
        )
        return
    payment = begin_payment(application.pk, PROVIDER, actor=actor, now=now)
    reference = f"demo-{payment.public_id}"
    record_checkout(
        payment.pk, Checkout(reference=reference, redirect_url=""), actor=actor, now=now
    )
    report = Report(reference, PaymentState.PAID, payment.amount, payment.currency)
    confirm_payment(payment.pk, report, actor=Actor.provider(PROVIDER), now=now)


def send_letter(application: Application, position: int, *, at: datetime) -> None:
    """A referee opens their link, uploads a letter and sends it."""
    request = ReferenceRequest.objects.select_related("nominee").get(
        application=application, nominee__position=position, nominee__replaced_at=None
    )
    actor = Actor.referee(request.pk)
    referee_actions.open_request(request.pk, actor=actor, now=at)
    referee_actions.save_draft(
        request.pk,
        name=request.nominee.full_name,
        post=request.nominee.post,
        institution=request.nominee.institution,
        relationship=request.nominee.relationship,
        received=made_pdf(f"Letter of {request.nominee.full_name}", "letter.pdf", LETTER_LINES),
        actor=actor,
        now=at,
    )
    referee_actions.send_letter(request.pk, actor=actor, now=at)
