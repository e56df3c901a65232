"""A portal with many applications: `python -m benchmarks seed --applications 1000`.

The demonstration's files went through every action of the portal; the rest are copies of them
(`benchmarks.copying`), for different people and at different times. For the embedded default alone.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from admissions.demo.applying import apply
from admissions.demo.cast import CANDIDATES
from admissions.steps.cases import refresh_case
from applicants import actions
from applicants.demo import filled_application
from applicants.models import Application
from benchmarks.copying import Copier, Identity, Original
from foundation.accounts.demo import create_demo_person
from foundation.accounts.models import Person
from foundation.doors import Actor
from programmes import demo, steps
from programmes.models import Programme
from programmes.queries import open_intakes
from programmes.roles import Role

COPIES = "@copies.example"
READY = f"ready{COPIES}"
GONE = f"gone{COPIES}"
SEED = 20260301
#: Applications of each state among a thousand. Approved decisions, offers and accepted places of an
#: intake stay within its offer limit.
SHARES = {
    "draft": 170,
    "submitted": 210,
    "in_review": 460,
    "decided": 30,
    "offered": 15,
    "accepted": 15,
    "rejected": 60,
    "withdrawn": 40,
}
#: States whose files are moved back in time, so that their dates differ. An offer's reply is due.
MOVED = ("draft", "submitted", "in_review", "rejected", "withdrawn")
REVIEWERS = (
    "Hana Sato", "Peter Novák", "Leila Farouk", "Tom Ashworth", "Ines Carvalho",
    "Joon-ho Park", "Marta Rossi", "Kwame Boateng", "Erik Lindgren", "Nadia Rahman",
)  # fmt: skip
FIRST_NAMES = (
    "Aaliyah", "Adaeze", "Ahmet", "Aiko", "Alejandra", "Anjali", "Björn", "Camille", "Chen", "Dmitri",
    "Eilidh", "Fatima", "Giulia", "Hamza", "Ifeoma", "Ilse", "Jakub", "Kenji", "Lucía", "Mateo",
    "Min-jun", "Noor", "Olumide", "Priya", "Rafael", "Sofía", "Thandiwe", "Uma", "Wei", "Zofia",
)  # fmt: skip
LAST_NAMES = (
    "Abdullahi", "Bergström", "Castillo", "D’Angelo", "Eriksen", "Fernández", "Gupta", "Haddad",
    "Ivanova", "Jensen", "Kaya", "Łuczak", "Müller", "Ndlovu", "Okonkwo", "Papadopoulos", "Quispe",
    "Rahman", "Suzuki", "Tran", "Usman", "van Dijk", "Wu", "Yamamoto", "Zhang",
)  # fmt: skip


def seed(count: int, now: datetime) -> dict[str, int]:
    """Have `count` applications; returns how many there are of each state.

    The same choices every time. Refuses where there is no demonstration.
    """
    if not settings.DEMO:
        raise RuntimeError("copies of people are for the embedded default alone")
    demo.load_all(now)
    _complete_the_cast(now)
    seeder = _Seeder(_reviewers(now))
    applications = list(Application.objects.select_related("applicant", "intake").order_by("pk"))
    seeder.copy([Original.read(one) for one in applications], count - len(applications), now)
    states = Counter(Application.objects.values_list("state", flat=True))
    return {state: states[state] for state in SHARES}


def _complete_the_cast(now: datetime) -> None:
    """Two states that the demonstration has no file in: a draft ready to submit, and a withdrawn one."""
    intake = open_intakes(now).filter(programme__code="MLDS").first()
    if intake is None or Application.objects.filter(applicant__email=READY).exists():
        return
    with transaction.atomic():
        ready = create_demo_person(READY, "Rita Okello", demo.PASSWORD, staff=False)
        gone = create_demo_person(GONE, "Gunnar Holm", demo.PASSWORD, staff=False)
    started = now - timedelta(days=10)
    filled_application(ready, intake, now=started)
    application = apply(CANDIDATES[0], gone, intake, at=started)
    actions.withdraw_application(
        application.pk, actor=Actor.person(gone), now=started + timedelta(days=2)
    )


@dataclass(frozen=True)
class _Reviewers:
    """The demonstration's own, and these with as many more as a thousand files need."""

    own: list[int]
    everybody: list[int]


def _reviewers(now: datetime) -> _Reviewers:
    found = Person.objects.filter(role_grants__role=Role.REVIEWER).distinct().order_by("pk")
    own = list(found.values_list("pk", flat=True))[:2]
    more = []
    with transaction.atomic():
        for number, name in enumerate(REVIEWERS, start=3):
            email = f"reviewer{number}@demo.example"
            person = create_demo_person(email, name, demo.PASSWORD, staff=True)
            if not person.role_grants.exists():
                for programme in Programme.objects.all():
                    steps.add_grant(person, Role.REVIEWER, programme, actor=demo.ACTOR, now=now)
            more.append(person.pk)
    return _Reviewers(own, own + more)


class _Seeder:
    def __init__(self, reviewers: _Reviewers) -> None:
        self.reviewers = reviewers
        self.dice = random.Random(SEED)
        self.people = _people(Person.objects.filter(email__endswith=COPIES).count())

    def copy(self, originals: list[Original], missing: int, now: datetime) -> None:
        copier = Copier()
        with transaction.atomic():
            for original in chosen(originals, missing):
                copier.copy(original, self._identity(original))
            written = Application.objects.filter(pk__in=copier.write())
            for application in written.select_related("intake", "applicant").order_by("pk"):
                refresh_case(application, now=now)

    def _identity(self, original: Original) -> Identity:
        application = original.application
        name, email = next(self.people)
        longest = 0
        if application.state in MOVED and application.intake.opens_at:
            longest = max((application.started_at - application.intake.opens_at).days, 0)
        return Identity(
            name=name,
            email=email,
            days_back=self.dice.randint(0, longest),
            reviewers=tuple(
                (own, self.dice.choice(self.reviewers.everybody)) for own in self.reviewers.own
            ),
        )


def chosen(originals: list[Original], missing: int) -> list[Original]:
    """The original of every copy to make: to each state its share, its originals in turn."""
    by_state: dict[str, list[Original]] = defaultdict(list)
    for original in originals:
        by_state[original.application.state].append(original)
    shares = {state: SHARES[state] for state in by_state if state in SHARES}
    found: list[Original] = []
    for state, share in shares.items():
        of_state = by_state[state]
        number = missing * share // sum(shares.values())
        found += [of_state[turn % len(of_state)] for turn in range(number)]
    # What rounding down left over goes to the commonest state.
    commonest = by_state[max(shares, key=lambda state: shares[state])]
    rest = range(max(missing, 0) - len(found))
    return found + [commonest[turn % len(commonest)] for turn in rest]


def _people(number: int) -> Iterator[tuple[str, str]]:
    """Names and addresses without end, after those of `number` people; an address is nobody else's."""
    while True:
        first = FIRST_NAMES[number % len(FIRST_NAMES)]
        last = LAST_NAMES[(number * 7 + number // len(FIRST_NAMES)) % len(LAST_NAMES)]
        number += 1
        yield f"{first} {last}", f"applicant{number}{COPIES}"
