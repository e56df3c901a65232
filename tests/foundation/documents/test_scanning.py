"""Quarantine: what lets a file out of it, and what never does."""

import uuid
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone

from foundation import documents, timers
from foundation.documents import actions, signals
from foundation.documents.models import DocumentVersion, VersionState
from foundation.documents.purposes import Purpose
from foundation.documents.scanning import CannotScan, scan_version
from foundation.doors import Actor, Refused
from foundation.history.models import Event, Reading
from tests.foundation.documents import corpus
from tests.foundation.documents.attaching import attached

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("documents.scan")
READER = Actor.referee(3)


@pytest.fixture
def stream():
    return uuid.uuid4()


def received(name="Transcript.pdf", content=None):
    return documents.receive(
        corpus.upload(name, content or corpus.plain()), purpose=Purpose.TRANSCRIPT
    )


def infected():
    """EICAR's text in a stream that says it is an image, so that it stays as it is."""
    pdf = corpus.new_pdf()
    pdf.Root.Note = pdf.make_stream(corpus.EICAR)
    pdf.Root.Note.Filter = pikepdf.Name.DCTDecode
    return received("virus.pdf", corpus.saved(pdf))


@pytest.fixture
def heard():
    """What the rooms above are told, in order."""
    told = []

    def locking(stream, **kwargs):
        told.append(("locking", stream))

    def checked(version, **kwargs):
        told.append(("checked", version.state))

    signals.locking.connect(locking)
    signals.checked.connect(checked)
    yield told
    signals.locking.disconnect(locking)
    signals.checked.disconnect(checked)


def test_a_clean_file_leaves_quarantine(stream, fake_clamd, heard):
    version = attached(received(), stream=stream)
    assert version.is_being_checked
    assert scan_version(version.id, actor=TIMER)
    version.refresh_from_db()
    assert version.is_clean
    assert version.scanned_at is not None
    assert heard[-2:] == [("locking", stream), ("checked", "clean")]
    assert not scan_version(version.id, actor=TIMER), "it is settled"
    assert fake_clamd.scans == 1


def test_malware_is_never_handed_out(stream, fake_clamd, heard):
    version = attached(infected(), stream=stream)
    scan_version(version.id, actor=TIMER)
    version.refresh_from_db()
    assert version.state == VersionState.INFECTED
    assert version.finding == "Win.Test.EICAR_HDB-1"
    assert ("checked", "infected") in heard
    assert Event.objects.get(stream=stream).kind == "document.infected"
    with pytest.raises(Refused) as caught:
        documents.serve(version, reader=READER, reason="review")
    assert caught.value.code == "file_infected"
    assert not Reading.objects.exists()


@pytest.mark.parametrize("trouble", ["hang up", "nonsense", "limit", "dead"])
def test_without_a_clear_answer_it_stays_in_quarantine(stream, fake_clamd, settings, trouble):
    version = attached(received(content=corpus.exactly(2_000_000)), stream=stream)
    fake_clamd.misbehaviour = trouble
    if trouble == "limit":
        fake_clamd.limit = 1000
    if trouble == "dead":
        settings.CLAMD_SOCKET = "unix:///nowhere/clamd.sock"
    for _number in range(5):
        DocumentVersion.objects.update(next_attempt_at=timezone.now())
        with pytest.raises(CannotScan):
            scan_version(version.id, actor=TIMER)
    version.refresh_from_db()
    assert version.is_being_checked
    assert version.attempts == 0
    assert version.next_attempt_at > timezone.now()
    fake_clamd.misbehaviour, fake_clamd.limit = "", 25_000_000
    settings.CLAMD_SOCKET = fake_clamd.address
    later = timezone.now() + timedelta(minutes=2)
    DocumentVersion.objects.update(next_attempt_at=timezone.now())
    assert timers.get("documents.scan").run(later, False) == [f"scanned version {version.id}"]
    version.refresh_from_db()
    assert version.is_clean


def test_a_file_that_takes_its_worker_down_three_times_is_unreadable(stream, fake_clamd):
    version = attached(received(), stream=stream)
    now = timezone.now()
    for _number in range(3):
        assert actions.begin_scan(version.id, actor=TIMER, now=now)
        assert not actions.begin_scan(version.id, actor=TIMER, now=now), "a worker is at it"
        now += actions.ATTEMPT_LEASE
    assert not actions.begin_scan(version.id, actor=TIMER, now=now)
    version.refresh_from_db()
    assert version.state == VersionState.UNREADABLE
    assert Event.objects.get(stream=stream).kind == "document.unreadable"


@pytest.mark.parametrize("lost", [True, False])
def test_a_file_that_is_gone_or_changed_is_unreadable(stream, fake_clamd, storage_folder, lost):
    version = attached(received(), stream=stream)
    path = Path(storage_folder) / version.storage_name
    path.unlink() if lost else path.write_bytes(b"%PDF-1.7 something else")
    scan_version(version.id, actor=TIMER)
    version.refresh_from_db()
    assert version.state == VersionState.UNREADABLE
    assert fake_clamd.scans == 0


def test_turning_scanning_off_frees_what_waits(stream, fake_clamd, settings):
    version = attached(received(), stream=stream)
    settings.CLAMD_SOCKET = "off"
    timers.get("documents.scan").run(timezone.now(), False)
    version.refresh_from_db()
    assert version.is_clean
    assert version.scanned_at is None


def test_the_timer_stops_at_the_first_sign_that_clamd_is_away(stream, fake_clamd):
    fake_clamd.misbehaviour = "hang up"
    for _number in range(3):
        attached(received(), stream=stream)
    scan = timers.get("documents.scan")
    assert len(scan.run(timezone.now(), True)) == 3
    assert scan.run(timezone.now(), False) == []
    assert fake_clamd.scans == 1


def test_a_version_is_scanned_soon_after_the_commit(
    stream, fake_clamd, settings, django_capture_on_commit_callbacks
):
    from config.celery import app

    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            version = attached(received(), stream=stream)
    finally:
        app.conf.task_always_eager = False
    version.refresh_from_db()
    assert version.is_clean


def test_a_room_above_that_fails_costs_no_attempt(stream, fake_clamd, heard):
    version = attached(received(), stream=stream)

    def broken(**kwargs):
        raise RuntimeError("a mistake in a receiver")

    signals.checked.connect(broken)
    try:
        assert timers.get("documents.scan").run(timezone.now(), False) == []
        DocumentVersion.objects.update(next_attempt_at=timezone.now())
        with pytest.raises(RuntimeError):
            scan_version(version.id, actor=TIMER)
    finally:
        signals.checked.disconnect(broken)
    version.refresh_from_db()
    assert version.is_being_checked
    assert version.attempts == 0
