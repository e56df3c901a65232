"""What the seeder makes is as true as what the portal's own actions make."""

from collections import Counter

import pytest
from django.utils import timezone

from admissions.models import ReviewCase
from applicants.models import Application
from benchmarks import seeding
from foundation import timers
from foundation.documents.models import DocumentVersion
from foundation.history.models import Event

FILES = 60
#: The nightly looks at what should always agree.
DETECTORS = ("applicants.detect_clock_drift", "queue.compare", "fees.compare_ledger")


def _kinds(application: Application) -> Counter[str]:
    events = Event.objects.filter(stream=application.public_id)
    return Counter(events.values_list("kind", flat=True))


@pytest.mark.django_db
def test_seeds_true_applications_of_every_state() -> None:
    now = timezone.now()
    states = seeding.seed(FILES, now)
    assert sum(states.values()) == FILES == Application.objects.count()
    assert all(states.values())
    assert ReviewCase.objects.count() == FILES - states["draft"]

    found = {name: timers.get(name).run(now, True) for name in DETECTORS}
    assert not any(found.values()), found

    original = Application.objects.get(applicant__email="siobhan.oneill@people.example")
    copies = Application.objects.filter(
        applicant__email__endswith=seeding.COPIES,
        intake=original.intake,
        assignments__state="assigned",
    )
    assert {str(_kinds(copy)) for copy in copies} >= {str(_kinds(original))}
    assert all(copy.requirements.count() == original.requirements.count() for copy in copies)
    stored = DocumentVersion.objects.values_list("storage_name", flat=True)
    assert len(set(stored)) == stored.count()

    assert seeding.seed(FILES, now) == states, "a second time there is nothing to add"
