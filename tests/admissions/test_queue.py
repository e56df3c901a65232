"""Search, pages by key, lights and the row itself."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from admissions import queue, search, timers
from admissions.models import Need, ReviewCase
from applicants.actions import withdraw_application
from applicants.models import ReviewClock
from foundation.clock.lights import Light
from foundation.notifications.models import OutgoingMessage
from programmes.models import Programme
from tests.admissions.office import Staff, assigned, by, in_review
from tests.factories import NOW, make_intake, make_person, submitted

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lukasz", "Łukasz Wiśniewski"),
        ("WISNIEWSKI luk", "Łukasz Wiśniewski"),
        ("oneill", "Siobhán O’Neill"),
        ("o'neill", "Siobhán O’Neill"),
        ("neill", "Siobhán O’Neill"),
        ("O’Neill siob", "Siobhan O'Neill"),
        ("soren", "Ingrid Sørensen"),
        ("đorđe", "Djordje Dorde"),
        ("dorde", "Đorđe Petrović"),
        ("aesc", "Æsc Œdipe"),
        ("oedipe", "Æsc Œdipe"),
        ("hamrun", "Ħamrun Vella"),
        ("yildiz", "Yusuf Yıldız"),
        ("strasse", "Anna Straße"),
        ("nguyen", "Nguyễn Thị Hạnh"),
        ("李", "李小龙"),
    ],
)
def test_names_are_found_without_case_and_accents(typed, name):
    found = search.tokens(name)
    assert all(
        any(token.startswith(word) for token in found) for word in search.searched_words(typed)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("lukasz", True),
        ("kasz", False),
        ("lukasz kowalski", False),
        ("wisniewski@people", True),
        ("people.example", True),
        ("' | 'x", False),
        ("a'); DROP", False),
        ("\\", False),
        ("!&|:*()", False),
        ("lukasz " * 2000, True),
    ],
)
def test_search_in_the_database(typed, finds):
    person = make_person("Łukasz Wiśniewski", email="wisniewski@people.example")
    submitted(applicant=person)
    staff = Staff.make()
    cases = queue.open_cases(list(Programme.objects.all()), staff.officer)
    found = queue.filtered(cases, queue.Filter(search=typed), person=staff.officer, now=NOW)
    assert found.exists() == finds
    reference = person.applications.get().reference
    for part in (reference, reference.lower(), reference.rpartition("-")[2][:4]):
        wanted = queue.Filter(search=part)
        assert queue.filtered(cases, wanted, person=staff.officer, now=NOW).exists()


@pytest.mark.django_db
def test_lights_change_at_the_second_they_should():
    staff = Staff.make()
    application = in_review()
    clock = ReviewClock.objects.get(application=application)
    cases = queue.open_cases(list(Programme.objects.all()), staff.officer)

    def light_at(now):
        return [
            light
            for light in queue.LIGHTS
            if queue.filtered(
                cases, queue.Filter(light=light), person=staff.officer, now=now
            ).exists()
        ]

    assert light_at(clock.target_at) == [Light.ON_TRACK]
    assert light_at(clock.target_at + SECOND) == [Light.DUE_SOON]
    assert light_at(clock.limit_at) == [Light.DUE_SOON]
    assert light_at(clock.limit_at + SECOND) == [Light.OVERDUE]
    summary = queue.summary_of(cases, clock.limit_at + SECOND)
    assert summary.by_light == {Light.OVERDUE: 1}
    assert summary.by_week == {8: 1}
    assert queue.summary_of(cases, NOW).by_week == {0: 1}


@pytest.mark.django_db
def test_filters():
    staff = Staff.make()
    first, second = in_review(), in_review()
    assigned(second, staff)
    cases = queue.open_cases(list(Programme.objects.all()), staff.officer)

    def found(**wanted):
        rows = queue.filtered(cases, queue.Filter(**wanted), person=staff.reviewer, now=NOW)
        return set(rows.values_list("application_id", flat=True))

    assert found(need=Need.ASSIGN) == {first.pk}
    assert found(reviewer="me") == {second.pk}
    assert found(reviewer=str(staff.reviewer.public_id)) == {second.pk}
    assert found(reviewer=queue.NOBODY) == {first.pk}
    assert found(reviewer="somebody else") == set()
    assert found(programme=first.intake.programme.slug) == {first.pk}
    withdraw_application(first.pk, actor=by(first.applicant), now=NOW)
    assert found() == {second.pk}


@pytest.mark.django_db
def test_the_nightly_comparison_reports_and_repairs():
    application = in_review()
    assert timers.compare_cases(NOW, False) == []
    ReviewCase.objects.update(letters_in=0, need=Need.WAITING)
    assert len(timers.compare_cases(NOW, True)) == 1
    assert timers.compare_cases(NOW, False) == [f"application {application.pk}: need, letters_in"]
    assert timers.compare_cases(NOW, False) == []
    ReviewCase.objects.all().delete()
    assert timers.compare_cases(NOW, False) == [f"application {application.pk}: missing"]
    assert ReviewCase.objects.get().what is Need.ASSIGN


@pytest.mark.django_db
def test_the_office_is_warned_once_of_each_date():
    Staff.make()
    application = in_review()
    clock = ReviewClock.objects.get(application=application)
    warnings = OutgoingMessage.objects.filter(kind="clock.warning")
    for moment, marks in (
        (clock.target_at - timedelta(days=8), []),
        (clock.target_at - timedelta(days=6), ["week_before"]),
        (clock.target_at + SECOND, ["week_before", "target"]),
        (clock.limit_at + SECOND, ["week_before", "target", "limit"]),
    ):
        for _again in range(2):
            timers.warn_about_clocks(moment, False)
        assert sorted(row.context["mark"] for row in warnings.all()) == sorted(marks)


class KeysetTest(TestCase):
    """Pages by key give every row once, in the queue's order, forwards and backwards."""

    @settings(max_examples=25, deadline=None)
    @given(
        rows=st.lists(
            st.tuples(st.sampled_from([10, 20, 25]), st.integers(0, 3)), min_size=1, max_size=12
        ),
        size=st.integers(1, 5),
    )
    def test_pages_give_every_row_once(self, rows, size):
        staff = Staff.make()
        intake = make_intake()
        for need, hours in rows:
            application = submitted(intake=intake)
            ReviewCase.objects.filter(application=application).update(
                need=need, sort_at=NOW + timedelta(hours=hours)
            )
        cases = queue.open_cases([intake.programme], staff.officer)
        expected = list(cases.order_by(*queue.KEY).values_list("pk", flat=True))
        forwards, page = [], queue.page_of(cases, size=size)
        forwards.append([row.pk for row in page.rows])
        while page.after:
            page = queue.page_of(cases, size=size, after=page.after)
            forwards.append([row.pk for row in page.rows])
        assert [pk for rows in forwards for pk in rows] == expected
        backwards = [forwards[-1]]
        while page.before:
            page = queue.page_of(cases, size=size, before=page.before)
            backwards.insert(0, [row.pk for row in page.rows])
        assert [pk for rows in backwards for pk in rows] == expected


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "1.2", "1.2.3.4", "-1.2.3", "9" * 400 + ".1.1", "٣.١.١"])
def test_a_key_that_cant_be_read_gives_the_first_page(key):
    in_review()
    cases = queue.open_cases(list(Programme.objects.all()), Staff.make().officer)
    assert len(queue.page_of(cases, after=key).rows) in (0, 1)
    assert queue.page_of(cases, before=key).rows is not None
