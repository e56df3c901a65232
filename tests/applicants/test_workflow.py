"""The transition table: nothing leads out of it, and nothing happens without an event."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from applicants import workflow
from applicants.models import Application
from applicants.states import HOLDS_PLACE, OPEN, WITH_OFFICE, ApplicationState
from applicants.steps.locks import lock_application
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from programmes.roles import Role
from tests import factories

NAMES = sorted(workflow.BY_NAME)
ACTORS = ["applicant", "stranger", "timer", "provider", *Role.values]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(ACTORS),
        st.sampled_from([None, *ApplicationState]),
    ),
    max_size=25,
)
ALLOWED = {
    (source, target)
    for transition in workflow.TRANSITIONS
    for source in transition.sources
    for target in transition.targets
}


class RandomMoves(TestCase):
    """Random people do random things in a random order."""

    def setUp(self) -> None:
        self.application = factories.draft()
        # A draft that was submitted once: the database wants to know when.
        Application.objects.filter(pk=self.application.pk).update(submitted_at=factories.NOW)
        self.actors = {
            "applicant": Actor.person(self.application.applicant),
            "stranger": Actor.person(factories.make_person("Stranger")),
            "timer": Actor.timer("test"),
            "provider": Actor.provider("test"),
        }
        for role in Role:
            self.actors[role.value] = Actor.person(factories.make_staff(role))

    @settings(max_examples=60, deadline=None)
    @given(MOVES)
    def test_no_sequence_leaves_the_table(
        self, moves: list[tuple[str, str, ApplicationState | None]]
    ) -> None:
        expected = self._events()
        now = factories.NOW
        for name, who, target in moves:
            now += timedelta(minutes=1)
            before = Application.objects.get(pk=self.application.pk)
            moved = self._try(name, who, target, now)
            after = Application.objects.get(pk=self.application.pk)
            expected += moved
            if moved:
                transition = workflow.BY_NAME[name]
                assert (before.status, after.status) in ALLOWED
                assert before.status in transition.sources
                assert after.status in transition.targets
                assert after.state_changed_at == now
            else:
                assert after.state == before.state
                assert after.state_changed_at == before.state_changed_at
            assert self._events() == expected

    def _try(self, name: str, who: str, target: ApplicationState | None, now: datetime) -> int:
        try:
            with transaction.atomic():
                application = lock_application(self.application.pk)
                workflow.move(application, name, actor=self.actors[who], now=now, to=target)
        except (Refused, ValueError):
            return 0
        return 1

    def _events(self) -> int:
        """The transitions that history knows of."""
        codes = [transition.event.code for transition in workflow.TRANSITIONS]
        return Event.objects.filter(stream=self.application.public_id, kind__in=codes).count()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "transition",
    # A consequence follows from what somebody else did, whoever that was.
    [one for one in workflow.TRANSITIONS if workflow.By.CONSEQUENCE not in one.by],
    ids=lambda one: one.name,
)
def test_a_stranger_causes_nothing(transition: workflow.Transition) -> None:
    application = factories.draft()
    stranger = Actor.person(factories.make_person("Stranger"))
    application.state = next(iter(transition.sources))
    with transaction.atomic(), pytest.raises(Refused) as refusal:
        workflow.move(
            application,
            transition.name,
            actor=stranger,
            now=factories.NOW,
            to=next(iter(transition.targets)),
        )
    assert refusal.value.code == "not_allowed"


@pytest.mark.django_db
def test_nobody_works_as_staff_on_their_own_application() -> None:
    officer = factories.make_staff(Role.HEAD_OF_ADMISSIONS, Role.ADMISSIONS_OFFICER)
    application = factories.submitted(applicant=officer)
    with transaction.atomic(), pytest.raises(Refused) as refusal:
        workflow.move(
            application, "close_incomplete", actor=Actor.person(officer), now=factories.NOW
        )
    assert refusal.value.code == "not_allowed"


@pytest.mark.django_db
def test_a_role_for_another_programme_is_none_here() -> None:
    elsewhere = factories.make_staff(
        Role.ADMISSIONS_OFFICER, programme=factories.make_programme("ELSE")
    )
    application = factories.submitted()
    with transaction.atomic(), pytest.raises(Refused):
        workflow.move(
            application, "close_incomplete", actor=Actor.person(elsewhere), now=factories.NOW
        )


def test_groups_of_states() -> None:
    assert HOLDS_PLACE < OPEN
    assert WITH_OFFICE < OPEN
    assert workflow.BY_NAME["withdraw"].sources == OPEN
    reachable = {target for one in workflow.TRANSITIONS for target in one.targets}
    assert reachable | {ApplicationState.DRAFT} == set(ApplicationState)


@pytest.mark.parametrize("transition", workflow.TRANSITIONS, ids=lambda one: one.name)
def test_every_transition_has_its_words(transition: workflow.Transition) -> None:
    assert str(transition.sentence).endswith(".")
    if "applicant" in {one.value for one in transition.audience}:
        assert transition.applicant_sentence
