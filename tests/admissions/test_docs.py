"""The generated documents are fresh, and everything they describe has a description."""

from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command

from admissions.docs import diagram, pages, workflow
from applicants.states import ApplicationState
from applicants.workflow import TRANSITIONS
from foundation import timers
from foundation.history import kinds as event_kinds
from foundation.notifications import kinds as message_kinds
from referees import workflow as references


def test_the_documents_are_fresh():
    try:
        call_command("generate_docs", "--check")
    except CommandError as stale:
        pytest.fail(str(stale))


def test_two_runs_give_the_same_text():
    assert pages() == pages()


@pytest.mark.parametrize("kind", message_kinds.all_kinds(), ids=lambda kind: kind.code)
def test_every_message_says_when_it_is_sent(kind):
    assert len(str(kind.description)) > 20
    assert kind.sample()


@pytest.mark.parametrize(
    "transition", [*TRANSITIONS, *references.TRANSITIONS], ids=lambda row: row.name
)
def test_every_transition_has_a_sentence_and_somebody_who_causes_it(transition):
    assert str(transition.sentence).endswith(".")
    assert transition.by
    assert "_" not in workflow.by_whom(transition.by)


@pytest.mark.parametrize("kind", event_kinds.all_kinds(), ids=lambda kind: kind.code)
def test_every_event_has_a_sentence_and_an_audience(kind):
    assert len(str(kind.sentence)) > 5
    assert kind.audience


@pytest.mark.parametrize("timer", timers.all_timers(), ids=lambda timer: timer.name)
def test_every_timer_says_what_it_does(timer):
    assert len(str(timer.description)) > 10


def test_the_picture_shows_every_state_and_every_transition():
    root = ET.fromstring(diagram.picture())
    shown = " ".join(text for text in root.itertext())
    assert set(diagram.PLACES) == set(ApplicationState)
    for state in ApplicationState:
        assert state.value.replace("_", " ") in shown
    for transition in TRANSITIONS:
        assert transition.name.replace("_", " ") in shown
    assert len(set(diagram.PLACES.values())) == len(diagram.PLACES)
