"""Before a decision is visible nothing shows it: every page an applicant can fetch is searched."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from admissions import actions
from admissions.models import DecisionLetter, Outcome
from foundation.doors import Actor
from foundation.notifications.models import OutgoingMessage
from tests.admissions.office import TRANSCRIPT, Staff, fresh, in_review, released
from tests.factories import make_intake
from tests.sign_in import sign_in_as

pytestmark = pytest.mark.django_db
NOW = timezone.now()
#: Words that are nowhere but in the decision, and words that say what it is.
SECRETS = (
    "Zanzibar-reason",
    "Quetzal-paragraph",
    "Send us your final transcript",
    "Dina Okafor",
    "Tomasz Zieliński",
    "Ravi Menon",
    "You have an offer",
    "conditional offer",
    "We made a decision",
    "Decision approved",
    "decided",
)


def patterns(resolver=None, prefix=""):
    """Every address of the portal that takes an application's reference, with its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern) and route.startswith("applications/"):
            yield route


def addresses(application, document):
    """Each of them, with a document's id where one is asked for."""
    for route in patterns():
        path = "/" + re.sub(r"<\w+:reference>", application.reference, route)
        path = re.sub(r"<uuid:\w+>", str(document), path)
        path = re.sub(r"<int:\w+>", "1", path)
        yield re.sub(r"<\w+:\w+>", "statement", path)


@pytest.fixture
def case(settings):
    settings.UNDO_WINDOW_MINUTES = 10
    intake = make_intake(now=NOW)
    staff = Staff.make(intake.programme)
    application = in_review(intake=intake, now=NOW - timedelta(days=3))
    return application, staff


def read(client, path):
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    return answer.status_code, headers, body.decode("utf-8", "replace")


def test_nothing_shows_before_it_is_visible(case):
    application, staff = case
    client = sign_in_as(Client(), application.applicant)
    own = application.files.first().document_id
    paths = sorted(set(addresses(application, own)))
    assert len(paths) > 10
    before = {path: read(client, path)[0] for path in paths}
    released(
        application,
        staff,
        now=NOW,
        reason="Zanzibar-reason",
        note_to_applicant="Quetzal-paragraph",
        conditions=[TRANSCRIPT],
    )
    letter = DecisionLetter.objects.get().document
    version = letter.versions.get()
    nothing = list(addresses(application, uuid4()))
    for hidden in (letter.pk, version.pk):
        for path, empty in zip(addresses(application, hidden), nothing, strict=True):
            if str(hidden) in path:
                assert read(client, path)[:1] == read(client, empty)[:1], path
    for path in paths:
        status, headers, body = read(client, path)
        for secret in SECRETS:
            assert secret not in body, (path, secret)
            assert secret not in headers, (path, secret)
        assert str(letter.pk) not in body
        assert str(version.pk) not in body
        assert "ETag" not in headers
        assert status == before[path], path
    assert not OutgoingMessage.objects.filter(
        recipient=application.applicant.email, kind__startswith="decision"
    ).exists()


def test_the_page_reads_the_same_before_and_after_the_release(case):
    application, staff = case
    client = sign_in_as(Client(), application.applicant)
    overview = reverse("applicants:overview", args=[application.reference])

    def words():
        text = re.sub(r"<[^>]+>|\s+", " ", read(client, overview)[2])
        return " ".join(text.split())

    before = words()
    released(application, staff, now=NOW)
    assert words() == before


def test_the_email_never_says_what_was_decided(case):
    from foundation.notifications import kinds
    from foundation.notifications.rendering import render

    application, staff = case
    decision = released(application, staff, now=NOW - timedelta(hours=1))
    assert actions.make_visible(decision.pk, actor=Actor.timer("decisions.make_visible"))
    message = OutgoingMessage.objects.get(kind="decision.news")
    kind = kinds.get(message.kind)
    rendered = render(kind, kind.build(message, NOW))
    words = f"{rendered.subject} {rendered.text} {rendered.html}".lower()
    assert application.reference.lower() in words
    for secret in ("offer", "congratulations", "sorry", "reject", "unsuccessful", "waiting list"):
        assert secret not in words


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_decision_page_opens_when_it_is_visible(case, outcome):
    application, staff = case
    client = sign_in_as(Client(), application.applicant)
    page = reverse("admissions:decision", args=[application.reference])
    decision = released(application, staff, outcome=outcome, now=NOW - timedelta(hours=1))
    assert read(client, page)[0] == 404
    actions.make_visible(decision.pk, actor=Actor.timer("decisions.make_visible"))
    assert read(client, page)[0] == 200
    assert fresh(application).state == outcome.leads_to
    assert page in read(client, reverse("applicants:overview", args=[application.reference]))[2]
