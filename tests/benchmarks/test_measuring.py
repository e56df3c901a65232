"""The benchmark's table, for one page of a running server."""

from typing import Any

import pytest
from django.db import transaction

from benchmarks import report, run
from benchmarks.memory import Memory
from benchmarks.pages import Page
from foundation.accounts.demo import create_demo_person
from programmes.demo import PASSWORD

WHO = "floor@people.example"


@pytest.mark.urls("benchmarks.urls")
@pytest.mark.django_db(transaction=True)
def test_one_page_becomes_one_line_of_the_table(live_server: Any) -> None:
    with transaction.atomic():
        create_demo_person(WHO, "Flo Orr", PASSWORD, staff=False)
    floor, costs = run.measure(
        live_server.thread.port,
        [Page("Terms", "/terms/")],
        floor=Page("Floor", "/floor/", WHO),
        rounds=1,
    )
    assert floor.queries == 3, "the session, the person, the rows"
    assert costs[0].times
    assert costs[0].html_bytes > 1000 < costs[0].asset_bytes
    lines = report.page_table(floor, costs).splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["Floor", "Terms"]


def test_missed_goals_are_said_plainly() -> None:
    from benchmarks.measuring import Cost

    floor = Cost(Page("Floor", "/"), queries=3, times=[2.0, 2.0])
    slow = Cost(Page("Queue", "/"), queries=13, times=[9.0, 9.0])
    quick = Cost(Page("Home", "/"), queries=12, times=[8.0, 8.0])
    memory = {"web": Memory(rss=131, pss=90), "documents": None}
    assert report.missed(floor, [slow, quick], memory) == [
        "Queue: 4.5 times the floor, goal 4",
        "Queue: 13 queries, goal 12",
        "web: 131 MB, goal 130",
    ]
