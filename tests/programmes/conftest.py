"""The catalogue with its demonstration's open intakes, and staff who hold roles."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from foundation.accounts.models import Person
from foundation.doors import Actor
from programmes import demo, steps
from programmes.models import Programme
from programmes.roles import Role

MakeStaff = Callable[..., Person]


@pytest.fixture
def catalogue(db: None) -> None:
    """Both programmes, open now, and the demonstration's people."""
    demo.load(timezone.now())


@pytest.fixture
def mlds(catalogue: None) -> Programme:
    return Programme.objects.get(code="MLDS")


@pytest.fixture
def mscai(catalogue: None) -> Programme:
    return Programme.objects.get(code="MSCAI")


@pytest.fixture
def make_staff(db: None) -> MakeStaff:
    """A member of staff with roles for one programme, or (None) for all."""

    def make(name: str, *roles: Role, programme: Programme | None = None) -> Person:
        email = f"{name.lower().replace(' ', '.')}@staff.example"
        person = Person.objects.create_user(email, full_name=name, is_staff_member=True)
        with transaction.atomic():
            for role in roles:
                steps.add_grant(
                    person, role, programme, actor=Actor.timer("test"), now=timezone.now()
                )
        return person

    return make
