"""Applications, as querysets."""

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from applicants.models import Application, Nominee, Requirement, SectionFile
from applicants.states import OPEN, ApplicationState
from foundation.accounts.models import Person
from programmes.models import Intake


def visible_to(person: Person) -> QuerySet[Application]:
    """The applicant's own. What staff see is the office's question (`admissions.queries`)."""
    return Application.objects.filter(applicant=person).select_related("intake__programme")


def get_application(person: Person, reference: str) -> Application:
    """One's own application. Not there and not yours are the same 404."""
    application = visible_to(person).filter(reference=reference).first()
    if application is None:
        raise Http404
    return application


def get_with_sections(person: Person, reference: str) -> Application:
    """One's own application with all that its pages show, or the same 404."""
    application = with_sections(visible_to(person)).filter(reference=reference).first()
    if application is None:
        raise Http404
    return application


def snapshots(path: str = "") -> list[str]:
    """For `defer`: what applicants were told, which is large and which no list shows."""
    return [f"{path}{name}" for name in ("told_at_start", "told_at_submission")]


def with_requirements(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Load what a list says of each application: what it waits for, and the referees' names."""
    return applications.prefetch_related(
        Prefetch("nominees", Nominee.objects.filter(replaced_at=None)),
        Prefetch("requirements", Requirement.objects.order_by("id")),
    )


def with_sections(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Load what the task list, the check page and the file show, in a fixed number of queries."""
    return (
        applications.select_related(
            "intake__programme",
            "applicant",
            "personal_details",
            "english",
            "statement",
            "review_clock",
        )
        .defer("told_at_submission")
        .prefetch_related(
            "qualifications",
            Prefetch(
                "files",
                SectionFile.objects.filter(removed_at=None)
                .select_related("document")
                .prefetch_related("document__versions"),
            ),
            Prefetch("nominees", Nominee.objects.filter(replaced_at=None)),
            Prefetch("requirements", Requirement.objects.order_by("id")),
        )
    )


def open_applications(person: Person, *, cycle: int) -> QuerySet[Application]:
    return Application.objects.filter(applicant=person, cycle=cycle, state__in=OPEN)


def drafts_of_intakes(intakes: QuerySet[Intake]) -> QuerySet[Application]:
    return Application.objects.filter(state=ApplicationState.DRAFT, intake__in=intakes)


def other_choices(application: Application) -> QuerySet[Application]:
    """The same person's other applications of the cycle."""
    return Application.objects.filter(
        ~Q(pk=application.pk),
        applicant_id=application.applicant_id,
        cycle=application.cycle,
    ).order_by("choice_rank", "id")
