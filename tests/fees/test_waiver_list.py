"""Finance's list of waivers goes on by pages, and costs the same however many there are."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applicants.fees.views import finance
from programmes.roles import Role
from tests.factories import draft, make_staff
from tests.fees.money import ask_waiver
from tests.sign_in import sign_in_as

ADDRESS = re.compile(r'href="(/office/waivers/[^"]+/)"')


@pytest.mark.django_db
def test_every_waiver_is_on_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finance, "PAGE_SIZE", 2)
    now = timezone.now()
    for _number in range(3):
        ask_waiver(draft(now=now), now=now)
    client = sign_in_as(Client(), make_staff(Role.FINANCE_OFFICER))
    first = client.get(reverse("fees:waivers")).text
    (next_page,) = re.findall(r'href="(\?after=[^"]+)"', first)
    second = client.get(reverse("fees:waivers") + next_page).text
    assert len(set(ADDRESS.findall(first))) == 2
    assert len(set(ADDRESS.findall(first + second))) == 3
    assert "?after=" not in second
    assert client.get(reverse("fees:waivers") + "?after=nonsense").text.count("<tr") == 3


@pytest.mark.django_db
def test_costs_the_same_at_one_and_at_three() -> None:
    now = timezone.now()
    client = sign_in_as(Client(), make_staff(Role.FINANCE_OFFICER))
    counts = []
    for more in (1, 2):
        for _number in range(more):
            ask_waiver(draft(now=now), now=now)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("fees:waivers"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
