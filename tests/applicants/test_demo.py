"""The demonstration's applications are real ones."""

from typing import Any

import pytest
from django.utils import timezone

from applicants import actions, demo, queries, sections
from applicants.models import Application
from applicants.states import ApplicationState
from foundation.accounts.models import Person
from foundation.doors import Actor
from foundation.ui.words import count_words
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_applicant_of_the_demonstration_is_half_way(settings: Any) -> None:
    settings.DEMO = True
    now = timezone.now()
    person = factories.make_person("Amara Njoroge", email=demo.APPLICANT)
    assert demo.load(now) == []
    intake = factories.make_intake(factories.make_programme("MLDS"), now=now)
    assert len(demo.load(now)) == 1
    assert demo.load(now) == []
    application = Application.objects.get(applicant=person, intake=intake)
    assert application.state == ApplicationState.DRAFT
    assert application.files.count() == 1


def test_a_filled_one_lacks_only_the_fee() -> None:
    now = timezone.now()
    person: Person = factories.make_person("Łukasz (Ł) Zieliński")
    intake = factories.make_intake(now=now)
    application = demo.filled_application(person, intake, now=now)
    loaded = queries.with_sections(Application.objects.filter(pk=application.pk)).get()
    assert [problem.code for problem in sections.problems(loaded)] == ["fee_missing"]
    factories.settle_fee(application, now=now)
    actions.submit_application(application.pk, actor=Actor.person(person), now=now)


def test_its_statement_is_as_long_as_it_should_be() -> None:
    words = sum(count_words(paragraph) for paragraph in demo.STATEMENT_PARAGRAPHS)
    assert 500 <= words <= 1000
