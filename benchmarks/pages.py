"""Which pages are measured, on which file, and who asks for them."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.db.models import Count
from django.urls import reverse

from admissions.models import Need, ReviewCase
from applicants.models import Application
from applicants.states import ApplicationState
from benchmarks.seeding import READY
from foundation.accounts.models import Person
from programmes.models import Programme
from referees import links
from referees.models import ReferenceRequest, RequestState

OFFICER = "officer@demo.example"
FINANCE = "finance@demo.example"


@dataclass(frozen=True)
class Page:
    """`who` is the address of the person who asks; empty for somebody who is not signed in."""

    name: str
    path: str
    who: str = ""


FLOOR = Page("Floor", "/floor/", OFFICER)


def main_pages() -> list[Page]:
    """The pages people are on most, on files that the seeder made."""
    programme = Programme.objects.get(code="MLDS")
    return [
        Page("Programmes", reverse("home")),
        Page("Programme", reverse("programmes:programme", args=[programme.slug])),
        Page("Sign in", reverse("account_login")),
        *_applicants_pages(),
        Page("Referee’s link", _referee_link()),
        *_office_pages(programme),
    ]


def _applicants_pages() -> list[Page]:
    draft = Application.objects.get(applicant__email=READY)
    overview = "applicants:overview"
    return [
        _own(draft, "Overview: draft", overview),
        _own(_newest(ApplicationState.SUBMITTED), "Overview: submitted", overview),
        _own(_newest(ApplicationState.IN_REVIEW), "Overview: in review", overview),
        _own(draft, "Check your answers", "applicants:check"),
        _own(draft, "Personal details", "applicants:personal_details"),
        _own(draft, "Fee", "fees:fee"),
    ]


def _own(application: Application, name: str, url_name: str) -> Page:
    path = reverse(url_name, args=[application.reference])
    return Page(name, path, application.applicant.email)


def _newest(state: ApplicationState) -> Application:
    found = (
        Application.objects.filter(state=state).select_related("applicant").order_by("pk").last()
    )
    assert found is not None
    return found


def _referee_link() -> str:
    waiting = (
        ReferenceRequest.objects.filter(
            state=RequestState.ASKED, application__state=ApplicationState.SUBMITTED
        )
        .order_by("pk")
        .last()
    )
    assert waiting is not None
    return urlsplit(links.mint(waiting)).path


def _office_pages(programme: Programme) -> list[Page]:
    queue = reverse("admissions:queue")
    wanted = urlencode({"need": Need.REVIEW.slug, "programme": programme.slug})
    return [
        Page("Queue", queue, OFFICER),
        Page("Queue, filtered", f"{queue}?{wanted}", OFFICER),
        Page("Queue, searched", f"{queue}?{urlencode({'q': 'okonkwo'})}", OFFICER),
        Page("File", reverse("admissions:file", args=[_file_to_approve()]), OFFICER),
        Page("My reviews", reverse("admissions:my_reviews"), busiest_reviewer()),
        Page("Waivers", reverse("fees:waivers"), FINANCE),
    ]


def _file_to_approve() -> str:
    """Both letters, a review and a proposal: a file at its fullest."""
    case = ReviewCase.objects.filter(need=Need.APPROVE).select_related("application").last()
    assert case is not None
    return case.application.reference


def busiest_reviewer() -> str:
    reviewers = Person.objects.annotate(files=Count("assignments")).order_by("-files", "pk")
    reviewer = reviewers.first()
    assert reviewer is not None
    return reviewer.email
