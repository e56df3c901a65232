"""The rules about referees as the applicant names them."""

from typing import Any

import pytest

from applicants import actions
from applicants.models import Nominee, NomineeKind
from applicants.nominees import MAX_ADDRESSES, problems_of, same_mailbox
from applicants.signals import nominee_named, nominee_replaced
from foundation.doors import Actor, Refused
from tests import factories

OWN = "zoe.obrien@gmail.com"


def nominee(email: str, kind: str = NomineeKind.ACADEMIC, position: int = 1) -> Nominee:
    return Nominee(full_name="Dr Marsh", email=email, kind=kind, position=position)


@pytest.mark.parametrize(
    "address",
    [
        OWN,
        "Zoe.OBrien@GMAIL.com",
        "zoeobrien@gmail.com",
        "zoe.obrien+referee@gmail.com",
        "zoe.obrien@googlemail.com",
        " zoe.obrien@gmail.com. ",
    ],
)
def test_one_mailbox_in_other_clothes(address: str) -> None:
    assert same_mailbox(address, OWN)
    (problem,) = [
        found
        for found in problems_of([nominee(address), nominee("b@x.org")], applicant_email=OWN)
        if found.code == "referee_own_address"
    ]
    assert problem.hard


def test_another_domain_is_another_mailbox() -> None:
    assert not same_mailbox("zoe.obrien@imperial.ac.uk", OWN)


def codes(*nominees: Nominee) -> list[str]:
    return [problem.code for problem in problems_of(nominees, applicant_email=OWN)]


def test_two_are_needed_and_one_academic() -> None:
    academic = nominee("a@x.org")
    colleague = nominee("b@x.org", NomineeKind.PROFESSIONAL, 2)
    boss = nominee("c@x.org", NomineeKind.PROFESSIONAL, 1)
    assert codes() == ["referees_missing"]
    assert codes(academic) == ["referees_missing"]
    assert codes(colleague) == ["referees_missing"]
    assert codes(academic, colleague) == []
    assert codes(boss, colleague) == ["referees_not_academic"]
    assert codes(academic, nominee("A+b@x.org", position=2)) == ["referee_same_address"]


FACTS: dict[str, Any] = {
    "full_name": "Dr Helen Marsh",
    "kind": NomineeKind.ACADEMIC,
    "post": "Lecturer",
    "institution": "University of Nairobi",
    "relationship": "Taught me",
}


@pytest.mark.django_db
def test_correcting_and_replacing() -> None:
    application = factories.draft()
    actor = Actor.person(application.applicant)
    named: list[str] = []
    gone: list[str] = []

    def on_named(sender: Any, *, nominee: Nominee, **_kwargs: Any) -> None:
        named.append(nominee.email)

    def on_replaced(sender: Any, *, nominee: Nominee, **_kwargs: Any) -> None:
        gone.append(nominee.email)

    nominee_named.connect(on_named)
    nominee_replaced.connect(on_replaced)
    try:
        first = actions.name_referee(application.pk, 1, email="Marsh@x.org", actor=actor, **FACTS)
        again = actions.name_referee(application.pk, 1, email="marsh@x.org", actor=actor, **FACTS)
        corrected = actions.name_referee(
            application.pk, 1, email="marsh@x.org", actor=actor, **{**FACTS, "post": "Professor"}
        )
        second = actions.name_referee(application.pk, 1, email="lin@x.org", actor=actor, **FACTS)
    finally:
        nominee_named.disconnect(on_named)
        nominee_replaced.disconnect(on_replaced)
    assert first.pk == again.pk == corrected.pk != second.pk
    assert named == ["marsh@x.org", "marsh@x.org", "lin@x.org"]
    assert gone == ["marsh@x.org"]
    assert application.nominees.count() == 2
    assert application.nominees.get(replaced_at=None).email == "lin@x.org"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "code"),
    [("own", "referee_own_address"), ("helen+2@x.org", "referee_same_address")],
)
def test_refused_addresses_change_nothing(address: str, code: str) -> None:
    application = factories.draft()
    actor = Actor.person(application.applicant)
    actions.name_referee(application.pk, 1, email="helen@x.org", actor=actor, **FACTS)
    email = application.applicant.email if address == "own" else address
    with pytest.raises(Refused) as refusal:
        actions.name_referee(application.pk, 2, email=email, actor=actor, **FACTS)
    assert refusal.value.code == code
    assert application.nominees.count() == 1


@pytest.mark.django_db
def test_an_application_is_no_way_to_write_to_many() -> None:
    application = factories.draft()
    actor = Actor.person(application.applicant)
    for number in range(MAX_ADDRESSES):
        actions.name_referee(application.pk, 1, email=f"r{number}@x.org", actor=actor, **FACTS)
    with pytest.raises(Refused) as refusal:
        actions.name_referee(application.pk, 1, email="one.more@x.org", actor=actor, **FACTS)
    assert refusal.value.code == "too_many_addresses"
    actions.name_referee(application.pk, 1, email="r0@x.org", actor=actor, **FACTS)


@pytest.mark.django_db
def test_after_submission_only_while_the_letter_is_wanted() -> None:
    application = factories.submitted()
    actor = Actor.person(application.applicant)
    actions.name_referee(application.pk, 2, email="new@x.org", actor=actor, **FACTS)
    assert application.nominees.get(position=2, replaced_at=None).email == "new@x.org"
    actions.withdraw_application(application.pk, actor=actor)
    with pytest.raises(Refused) as refusal:
        actions.name_referee(application.pk, 2, email="late@x.org", actor=actor, **FACTS)
    assert refusal.value.code == "moved_on"
