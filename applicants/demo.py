"""The demonstration's applications, made through the same doors as everybody's."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from applicants import actions, queries
from applicants.models import (
    Application,
    EnglishBasis,
    EnglishTest,
    FileKind,
    GradeScale,
    NomineeKind,
    QualificationStatus,
)
from foundation import documents
from foundation.accounts.models import Person
from foundation.documents import Purpose
from foundation.doors import Actor
from programmes.models import Intake
from programmes.queries import open_intakes

APPLICANT = "applicant@demo.example"

STATEMENT_PARAGRAPHS = (
    (
        "I first met statistics as a tool that other people used. In my second year at university I"
        " helped a hospital team to describe how long patients waited, and I saw that a careful model"
        " changed a decision that opinion had not. I have wanted to understand such models properly"
        " ever since: not only to run them, but to know when they can be trusted."
    ),
    (
        "My degree gave me a solid base. I took every course in probability and linear algebra that was"
        " offered, and I wrote my dissertation on missing data in longitudinal studies. I compared four"
        " ways of imputation on simulated and real records, and I found that the simplest one was"
        " often good enough, and sometimes badly wrong. Finding out which, and why, was the part of my"
        " studies that I enjoyed most."
    ),
    (
        "For the last three years I have worked as an analyst for a transport company. I began with"
        " weekly reports and now lead a small group that forecasts demand. We moved our work from"
        " spreadsheets to reproducible pipelines, with tests and reviews, and last year our forecasts"
        " saved the company one train in twenty. I also learned what I lack. I can fit a gradient"
        " boosted model, but I can't yet say with confidence how it will behave on a day unlike those"
        " it has seen."
    ),
    (
        "This programme fits what I need. Applicable mathematics and Bayesian methods would give me"
        " the theory that I have had to take on trust. The courses on scalable statistics and on"
        " unstructured data are close to problems that wait on my desk. I value that ethics runs"
        " through the whole programme: our forecasts decide which stations are served late at night,"
        " and I want to be able to argue about that with more than good intentions."
    ),
    (
        "I know what studying part-time beside a job asks for. During my degree I worked fifteen hours"
        " a week, and I have kept up a habit of study since: I completed the university's open course"
        " on mathematics for machine learning in the evenings of last winter, and wrote up every"
        " exercise. My employer supports this application and has agreed to one study day a week."
    ),
    (
        "I expect to find the mathematics demanding. To prepare, I am working through a textbook on"
        " measure and probability with two colleagues, a chapter each month, and we explain the"
        " proofs to each other. Teaching half of a chapter has shown me quickly which parts I had"
        " only read and which I had understood, and I would like to study in the same way with"
        " others on this programme."
    ),
    (
        "After the degree I want to work on forecasting for public services, where data are scarce and"
        " the cost of error falls on people who have no say. I would bring to the programme practical"
        " experience, patience with untidy data from many sources, and a willingness to explain things until they are"
        " clear, to others and to myself. I hope to find there the people and the ideas that turn a"
        " practitioner into somebody who can answer for her methods."
    ),
)

#: How often a sample file is checked before the start gives up.
TRIES = 3


def sample_pdf(title: str, lines: list[str]) -> bytes:
    """A PDF of one page that says what it is."""
    import pikepdf

    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(_content(title, lines))
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def _content(title: str, lines: list[str]) -> bytes:
    words = [f"BT /F1 20 Tf 70 760 Td ({_literal(title)}) Tj /F1 11 Tf 0 -20 Td"]
    words += [f"0 -18 Td ({_literal(line)}) Tj" for line in lines]
    return " ".join([*words, "ET"]).encode("cp1252", "replace")


def _literal(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def add_sample_file(
    application: Application, kind: FileKind, name: str, lines: list[str], *, now: datetime
) -> None:
    """A file as if the applicant had uploaded it: received, checked, added."""
    actor = Actor.person(application.applicant)
    content = sample_pdf(f"{kind.label}: {application.applicant.full_name}", lines)
    received = _received(name, content, Purpose(kind.value))
    actions.add_file(application.pk, kind=kind, received=received, actor=actor, now=now)


def _received(name: str, content: bytes, purpose: Purpose) -> documents.Received:
    """Checked like any upload. On a machine that is busy starting up, a check can run out of time."""
    for left in reversed(range(TRIES)):
        try:
            return documents.receive(
                SimpleUploadedFile(name, content, "application/pdf"), purpose=purpose
            )
        except documents.Unacceptable as refusal:
            if not left or refusal.code not in ("too_complex", "busy"):
                raise
    raise AssertionError("unreachable")


def start_and_introduce(
    person: Person, intake: Intake, *, now: datetime, country: str = "KE"
) -> Application:
    """A draft with who the applicant is, and nothing else."""
    actor = Actor.person(person)
    application = actions.start_application(person, intake, actor=actor, now=now)
    actions.save_personal_details(
        application.pk,
        legal_name=person.full_name,
        date_of_birth=date(1998, 5, 17),
        nationality=country,
        residence="GB",
        phone="+44 20 7946 0018",
        actor=actor,
        now=now,
    )
    actions.save_qualification(
        application.pk,
        institution="University of Nairobi" if country == "KE" else "State University",
        country=country,
        award="BSc",
        subject="Mathematics and Statistics",
        status=QualificationStatus.AWARDED,
        awarded_on=date(2020, 9, 4),
        grade_scale=GradeScale.GPA_4,
        grade_value="3.7",
        actor=actor,
        now=now,
    )
    return application


def filled_application(
    person: Person, intake: Intake, *, now: datetime, country: str = "KE"
) -> Application:
    """An application with every section filled through the doors, not submitted and nothing paid."""
    actor = Actor.person(person)
    application = start_and_introduce(person, intake, now=now, country=country)
    actions.save_english(
        application.pk,
        basis=EnglishBasis.TEST,
        test=EnglishTest.IELTS,
        overall=Decimal("7.5"),
        taken_on=now.date() - timedelta(days=90),
        actor=actor,
        now=now,
    )
    actions.save_statement(
        application.pk,
        text="\n\n".join(STATEMENT_PARAGRAPHS),
        actor=actor,
        now=now,
    )
    for kind, name, lines in (
        (FileKind.TRANSCRIPT, "transcript.pdf", ["Linear algebra  A", "Probability  A"]),
        (FileKind.CERTIFICATE, "certificate.pdf", ["Bachelor of Science, awarded 2020"]),
        (FileKind.CV, "cv.pdf", ["Analyst, since 2021", "BSc, 2016 to 2020"]),
    ):
        add_sample_file(application, kind, name, lines, now=now)
    name_two_referees(application, now=now)
    return application


def name_two_referees(application: Application, *, now: datetime) -> None:
    """An academic and a professional referee, with addresses of their own for each application."""
    actor = Actor.person(application.applicant)
    tag = application.reference.rpartition("-")[2].lower()
    actions.name_referee(
        application.pk,
        1,
        full_name="Dr Helen Marsh",
        email=f"helen.marsh.{tag}@university.example",
        kind=NomineeKind.ACADEMIC,
        post="Senior Lecturer",
        institution="University of Nairobi",
        relationship="Supervised my dissertation",
        actor=actor,
        now=now,
    )
    actions.name_referee(
        application.pk,
        2,
        full_name="James Otieno",
        email=f"james.otieno.{tag}@transport.example",
        kind=NomineeKind.PROFESSIONAL,
        post="Head of Planning",
        institution="City Transport",
        relationship="Has been my manager for three years",
        actor=actor,
        now=now,
    )


def load(now: datetime) -> list[str]:
    """The demonstration's applicant, half-way through a draft."""
    person = Person.objects.filter(email=APPLICANT).first()
    intake = open_intakes(now).filter(programme__code="MLDS").first()
    if not settings.DEMO or person is None or intake is None:
        return []
    if queries.visible_to(person).exists():
        return []
    application = start_and_introduce(person, intake, now=now)
    add_sample_file(
        application,
        FileKind.TRANSCRIPT,
        "transcript.pdf",
        ["Linear algebra  A", "Probability  A"],
        now=now,
    )
    return [f"start application {application.reference}"]
