"""Filling in an application, and what it still lacks."""

import pytest

from applicants import queries, sections
from applicants.models import Application
from applicants.states import ApplicationState
from tests import factories

pytestmark = pytest.mark.django_db


def codes(application: Application) -> list[str]:
    loaded = queries.with_sections(Application.objects.filter(pk=application.pk)).get()
    return [problem.code for problem in sections.problems(loaded)]


def test_a_new_draft_lacks_each_thing_once() -> None:
    found = codes(factories.draft())
    assert len(found) == len(set(found))
    assert {
        "personal_details_missing",
        "qualifications_missing",
        "transcript_missing",
        "english_missing",
        "statement_missing",
        "cv_missing",
    } <= set(found)
    assert "certificate_missing" not in found


def test_a_ready_draft_can_be_submitted() -> None:
    application = factories.submitted()
    assert application.state == ApplicationState.SUBMITTED
