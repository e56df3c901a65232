"""One file as staff read it: facts, answers, documents, letters, the clock, reviews, the decision."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from admissions import queries, rules
from admissions.models import (
    LIVE_ASSIGNMENTS,
    UNFINISHED_ASSIGNMENTS,
    Assignment,
    Decision,
    DecisionState,
    Offer,
    Review,
    ReviewCase,
)
from admissions.presenting.rows import due_detail, light_of
from admissions.presenting.timeline import moments_of
from applicants import own_sections
from applicants.models import Application, FileKind, ReviewClock
from applicants.states import ApplicationState
from applicants.waiting import requirements_of
from foundation.accounts.models import Person
from foundation.clock.lights import Light
from foundation.documents.models import DocumentVersion
from foundation.history.kinds import Audience
from foundation.ui.components import Moment, Row
from foundation.ui.wording import day, moment
from programmes.roles import Role
from programmes.rules import roles_of
from referees import queries as letters

#: Sections that the page shows in places of their own: files in a list, the statement as prose.
_ELSEWHERE = ("transcripts", "cv", "statement")


@dataclass(frozen=True)
class Document:
    """A file one can open. `url` is empty while it is being checked, or for who may not read it."""

    name: str
    facts: str
    url: str = ""
    state: str = ""


@dataclass(frozen=True)
class LetterRow:
    """A letter of reference, or the wait for it."""

    writer: str
    about: str
    state: Any
    colour: str
    received_at: datetime | None
    url: str = ""


@dataclass(frozen=True)
class ReviewRow:
    """A reading of the file. The review itself is there only for who may read it."""

    assignment: Assignment
    review: Review | None = None

    @property
    def total(self) -> int:
        return sum(score.value for score in self.review.scores.all()) if self.review else 0


@dataclass
class FilePage:
    """What the page of a file shows to one person."""

    application: Application
    case: ReviewCase
    light: Light | None
    due: str
    facts: list[tuple[Any, Any]]
    statement: str
    sections: list[tuple[Any, list[Row]]]
    documents: list[Document]
    letters: list[LetterRow]
    requirements: list[Any]
    clock: list[Row]
    reviews: list[ReviewRow]
    decisions: list[Decision]
    offer: Offer | None
    timeline: list[Moment]
    may: dict[str, bool] = field(default_factory=dict)
    is_blind: bool = False
    own_assignment: Assignment | None = None


def file_page_of(application: Application, person: Person, now: datetime) -> FilePage:
    """Everything the page shows, in a fixed number of queries, of a file that was loaded whole."""
    case = application.review_case
    light = light_of(case, now)
    roles = roles_of(person, programme=application.intake.programme, now=now)
    assignments = list(queries.assignments_for(application))
    own = next((row for row in assignments if row.reviewer_id == person.pk and row.is_live), None)
    sees_letters = own is not None or not roles.isdisjoint(rules.READING_ROLES)
    in_office = not roles.isdisjoint(rules.FILE_ROLES)
    decisions = list(queries.decisions_for(application)) if in_office else []
    page = FilePage(
        application=application,
        case=case,
        light=light,
        due=due_detail(case, light, now),
        facts=_facts(application, case),
        statement=getattr(getattr(application, "statement", None), "text", ""),
        sections=_sections(application),
        documents=_documents(application),
        letters=_letters(application, readable=sees_letters),
        requirements=requirements_of(application),
        clock=clock_rows(application),
        reviews=_reviews(application, assignments, person, own, roles),
        decisions=decisions,
        offer=next((row.offer for row in decisions if hasattr(row, "offer")), None),
        timeline=moments_of(application, audience=audience_of(roles), now=now),
        is_blind=own is not None and own.state in UNFINISHED_ASSIGNMENTS,
        own_assignment=own,
    )
    page.may = _may(page, person, roles)
    return page


def audience_of(roles: frozenset[Role]) -> Audience:
    if not roles.isdisjoint(rules.WORKING_ROLES):
        return Audience.OFFICE
    return Audience.AUDIT if Role.AUDITOR in roles else Audience.READERS


def _facts(application: Application, case: ReviewCase) -> list[tuple[Any, Any]]:
    details = getattr(application, "personal_details", None)
    degree = next(iter(application.qualifications.all()), None)
    english = getattr(application, "english", None)
    facts: list[tuple[Any, Any]] = []
    if details is not None:
        facts.append((_("Lives in"), details.residence.name))
    if degree is not None:
        facts.append((_("Highest degree"), own_sections.qualification_title(degree)))
        facts.append((_("From"), degree.institution))
        facts.append((_("Grade"), own_sections.grade_of(degree)))
    if english is not None:
        facts.append((_("English"), _english(english)))
    facts.append(
        (
            _("Letters"),
            _("%(here)s of %(all)s") % {"here": case.letters_in, "all": case.letters_of},
        )
    )
    facts.append((_("Fee"), _("In order") if case.fee_in_order else _("On hold: fee")))
    return facts


def _english(english: Any) -> str:
    if english.test and english.overall is not None:
        return f"{english.get_test_display()} {english.overall.normalize():f}"
    return str(english.get_basis_display())


def _sections(application: Application) -> list[tuple[Any, list[Row]]]:
    """What was answered, without files, referees and the fee: those have their own places."""
    return [
        (section.title, [Row(key, value) for key, value in section.answers(application)])
        for section in own_sections.ALL
        if section.code not in _ELSEWHERE and section.is_started(application)
    ]


def _documents(application: Application) -> list[Document]:
    found = []
    for file in own_sections.files_of(application, *FileKind):
        version = file.document.current
        newest = file.document.newest
        found.append(
            Document(
                name=f"{file.get_kind_display()}: {own_sections.file_name(file)}",
                facts=own_sections.file_facts(file),
                url=document_url(application, version) if version else "",
                state="" if version or newest is None else newest.get_state_display(),
            )
        )
    return found


def document_url(application: Application, version: DocumentVersion) -> str:
    return reverse("admissions:document", args=[application.reference, version.pk])


def _letters(application: Application, *, readable: bool) -> list[LetterRow]:
    rows = []
    for request in letters.letters_for(application):
        clean = [
            letter.version
            for letter in request.letters.all()
            if letter.version is not None and letter.version.is_clean
        ]
        rows.append(
            LetterRow(
                writer=request.writer,
                about=f"{request.nominee.get_kind_display()}. {request.nominee.institution}",
                state=request.status.label,
                colour=request.status.colour,
                received_at=request.received_at,
                url=document_url(application, clean[-1]) if clean and readable else "",
            )
        )
    return rows


def clock_rows(application: Application) -> list[Row]:
    """Each date of the clock with where it comes from. One query, for the pauses."""
    clock: ReviewClock | None = getattr(application, "review_clock", None)
    if clock is None:
        return [Row(_("Review clock"), _("Not running: it starts when the file is complete."))]
    rows = [
        Row(
            _("Complete"),
            _("%(day)s, when the last item of the applicant or a referee arrived")
            % {"day": day(clock.completed_at)},
        )
    ]
    if clock.paused_at is not None:
        rows.append(Row(_("Paused since"), moment(clock.paused_at)))
    else:
        for label, at, weeks in (
            (_("Target"), clock.target_at, clock.target_weeks),
            (_("Limit"), clock.limit_at, clock.limit_weeks),
        ):
            words = _(
                "%(day)s, to the end of the day: %(weeks)s weeks by the rule of the %(rule)s"
            ) % {
                "day": day(at),
                "weeks": weeks,
                "rule": clock.rule_source,
            }
            rows.append(Row(label, words))
    rows += [Row(_("Pause"), _pause(pause)) for pause in clock.pauses.order_by("from_at", "id")]
    if clock.stopped_at is not None:
        rows.append(
            Row(
                _("Stopped"),
                _("%(at)s: the decision is visible") % {"at": moment(clock.stopped_at)},
            )
        )
    return rows


def _pause(pause: Any) -> str:
    facts = {"why": pause.get_reason_display(), "begin": day(pause.from_at)}
    if pause.to_at is None:
        return _("%(why)s, since %(begin)s") % facts
    return _("%(why)s, %(begin)s to %(end)s") % {**facts, "end": day(pause.to_at)}


def _reviews(
    application: Application,
    assignments: list[Assignment],
    person: Person,
    own: Assignment | None,
    roles: frozenset[Role],
) -> list[ReviewRow]:
    """Who reads the file. While one's own review is to come, others' stay closed."""
    is_blind = own is not None and own.state in UNFINISHED_ASSIGNMENTS
    reads_all = own is not None or not roles.isdisjoint(rules.READING_ROLES)
    by_assignment = {
        review.assignment_id: review for review in queries.submitted_reviews(application)
    }
    rows = []
    for row in assignments:
        review = by_assignment.get(row.pk)
        if row.state not in LIVE_ASSIGNMENTS and review is None:
            continue
        is_own = row.reviewer_id == person.pk
        may_read = is_own or (reads_all and not is_blind)
        rows.append(ReviewRow(row, review if may_read else None))
    return rows


def _may(page: FilePage, person: Person, roles: frozenset[Role]) -> dict[str, bool]:
    """Which ways on the page offers. The actions check again."""
    state = page.application.status
    live = next((row for row in page.decisions if row.is_live), None)
    in_review = state is ApplicationState.IN_REVIEW
    assignable = state in (
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
        ApplicationState.INFORMATION_REQUESTED,
    )

    def has(*wanted: Role) -> bool:
        return not roles.isdisjoint(wanted)

    proposed = live is not None and live.state == DecisionState.PROPOSED
    approved = live is not None and live.state == DecisionState.APPROVED
    return {
        "assign": assignable and has(*rules.ASSIGNING),
        "review": page.is_blind
        and state in (ApplicationState.IN_REVIEW, ApplicationState.INFORMATION_REQUESTED),
        "propose": in_review and live is None and has(*rules.PROPOSING),
        "approve": proposed
        and live is not None
        and live.proposer_id != person.pk
        and has(*rules.APPROVING),
        "return": proposed and has(*rules.APPROVING),
        "release": approved and live is not None and not live.is_released and has(*rules.RELEASING),
        "take_back": approved and has(*rules.APPROVING),
        "conditions": page.offer is not None
        and state in (ApplicationState.OFFERED, ApplicationState.ACCEPTED)
        and page.offer.conditional
        and has(*rules.SETTLING),
    }
