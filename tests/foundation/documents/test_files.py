"""From the upload to the bytes: names, versions, scanning, serving, removing."""

import os
import stat
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation import documents, timers
from foundation.documents import queries, steps
from foundation.documents.models import Document, DocumentVersion
from foundation.documents.names import clean_name
from foundation.documents.purposes import Purpose
from foundation.documents.scanning import scan_version
from foundation.doors import Actor, Refused
from foundation.history.models import Reading
from tests.foundation.documents import corpus
from tests.foundation.documents.attaching import attached, bytes_of, in_a_door

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


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Transcript.pdf", "Transcript.pdf"),
        ("Zoë O'Brien-Łukasiewicz <b>.pdf", "Zoë O'Brien-Łukasiewicz _b_.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\cv.PDF", "cv.pdf"),
        ("scan.jpg", "scan.pdf"),
        ("two\r\nlines\r\nSet-Cookie: a=b.pdf", "two lines Set-Cookie_ a=b.pdf"),
        ('quo"te;.pdf', "quo_te;.pdf"),
        ("evil\u202efdp.exe.pdf", "evilfdp.exe.pdf"),
        ("null\0byte.pdf", "nullbyte.pdf"),
        ("成绩单.pdf", "成绩单.pdf"),
        ("Zoe\u0308.pdf", "Zoë.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "document.pdf"),
        ("", "document.pdf"),
        ("a" * 300 + ".pdf", "a" * 100 + ".pdf"),
    ],
)
def test_a_name_is_the_persons_own_and_harmless(given, cleaned):
    assert clean_name(given) == cleaned


def test_stored_under_a_name_that_says_nothing_and_for_us_alone(storage_folder):
    first = received("Zoë <b>.pdf")
    path = Path(storage_folder) / first.storage_name
    assert first.storage_name.startswith("documents/")
    assert len(path.relative_to(storage_folder).parts) == 4
    assert "Zo" not in first.storage_name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


# --- Attaching ----------------------------------------------------------------------------------


def test_a_file_is_attached_once(stream):
    file = received()
    attached(file, stream=stream)
    with pytest.raises(Refused, match="already"):
        attached(file, stream=stream)
    assert DocumentVersion.objects.count() == 1


def test_without_scanning_a_version_is_clean_at_once(stream):
    version = attached(received(), stream=stream)
    assert version.is_clean
    assert version.scanned_at is None
    assert version.number == 1
    assert (version.added_by_kind, version.added_by_id) == ("referee", 7)
    assert version.document.current == version


def test_versions_count_up_and_the_newest_clean_one_is_current(stream, fake_clamd):
    first = attached(received("one.pdf"), stream=stream)
    scan_version(first.id, actor=TIMER)
    document = first.document
    second = attached(received("two.pdf"), stream=stream, document=document)
    assert second.number == 2
    assert document.newest == second
    assert document.current == queries.current_version(document) == first
    scan_version(second.id, actor=TIMER)
    fresh = Document.objects.get()
    assert fresh.current == queries.current_version(fresh) == second
    assert list(queries.clean_versions(stream)) == [second, first]


def test_one_number_is_given_once(stream):
    version = attached(received(), stream=stream)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(state="wonderful")
    version.pk, version.storage_name = uuid.uuid4(), "elsewhere"
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_a_version_stays_in_its_documents_stream(stream):
    document = attached(received(), stream=stream).document
    with pytest.raises(ValueError, match="stream"):
        attached(received(), stream=uuid.uuid4(), document=document)


def test_a_list_of_documents_takes_two_queries(stream, django_assert_num_queries):
    for _number in range(3):
        attached(received(), stream=stream)
        with django_assert_num_queries(2):
            assert all(each.current for each in queries.documents_of(stream, "transcript"))


def test_what_is_not_visible_yet_is_left_out(stream):
    now = timezone.now()
    later = now + timedelta(minutes=10)
    version = in_a_door(
        lambda: steps.keep_generated(
            corpus.plain(),
            stream=stream,
            kind="decision_letter",
            title="Your decision",
            actor=TIMER,
            visible_from=later,
        ),
        actor=TIMER,
    )
    found = queries.documents_of(stream)
    assert not queries.visible_at(found, now).exists()
    assert queries.visible_at(found, later).get() == version.document
    assert version.is_generated
    assert version.is_clean
    assert version.original_name == "Your decision.pdf"
    assert version.pages == 1


def test_a_received_file_waits_for_a_page_with_errors_elsewhere(stream):
    file = received()
    note = documents.keep(file, holder="letter:7")
    assert documents.kept(note, holder="letter:7") == file
    assert documents.kept(note, holder="letter:8") is None
    assert documents.kept(note + "x", holder="letter:7") is None
    default_storage.delete(file.storage_name)
    assert documents.kept(note, holder="letter:7") is None


# --- Serving ------------------------------------------------------------------------------------


def test_serving_hands_out_the_file_and_logs_it(stream):
    file = received("Zoë O'Brien-Łukasiewicz <b>.pdf")
    version = attached(file, stream=stream)
    response = documents.serve(version, reader=READER, reason="review")
    content = bytes_of(response)
    assert len(content) == version.size == int(response["Content-Length"])
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Zo%C3%AB%20O%27Brien-%C5%81ukasiewicz%20_b_.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    reading = Reading.objects.get()
    assert (reading.stream, reading.version) == (stream, version.id)
    assert (reading.reader_kind, reading.reader_id, reading.reason) == (
        "referee",
        3,
        "review",
    )


def test_a_name_from_elsewhere_is_cleaned_when_served(stream):
    version = attached(received(), stream=stream)
    version.original_name = '../a\r\nSet-Cookie: x="y".pdf'
    response = documents.serve(version, reader=READER, reason="review")
    assert bytes_of(response)
    assert response["Content-Disposition"] == 'attachment; filename="a Set-Cookie_ x=_y_.pdf"'


@pytest.mark.parametrize("state", ["quarantined", "infected", "unreadable"])
def test_only_clean_versions_are_served(stream, state):
    version = attached(received(), stream=stream)
    version.state = state
    for hand_out in (
        lambda: documents.serve(version, reader=READER, reason="review"),
        lambda: documents.serve_page(version, 1, width=800, reader=READER, reason="review"),
    ):
        with pytest.raises(Refused) as caught:
            hand_out()
        assert caught.value.code == f"file_{state}"
    assert not Reading.objects.exists()


def test_a_lost_file_is_refused_and_not_logged(stream):
    version = attached(received(), stream=stream)
    default_storage.delete(version.storage_name)
    with pytest.raises(Refused):
        documents.serve(version, reader=READER, reason="review")
    assert not Reading.objects.exists()


def test_a_page_is_shown_as_our_own_picture(stream, monkeypatch):
    version = attached(received(), stream=stream)
    response = documents.serve_page(version, 1, width=700, reader=READER, reason="review")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == "inline"
    assert response["Cache-Control"] == "private, no-store"
    assert int.from_bytes(response.content[16:20]) == 800
    monkeypatch.setattr("sys.executable", "/nowhere")
    again = documents.serve_page(version, 1, width=700, reader=READER, reason="review")
    assert again.content == response.content, "the second comes from the storage"
    assert Reading.objects.count() == 1, "leafing is one reading"
    for page in (0, 2, -1):
        with pytest.raises(Refused):
            documents.serve_page(version, page, width=700, reader=READER, reason="review")


def test_a_page_that_breaks_its_process_is_not_tried_for_ever(stream, monkeypatch):
    version = attached(received(), stream=stream)
    monkeypatch.setattr("sys.executable", "/bin/false")
    for _number in range(3):
        with pytest.raises(Refused) as caught:
            documents.serve_page(version, 1, width=800, reader=READER, reason="review")
        assert caught.value.code == "no_picture"
        version.refresh_from_db()
    assert version.picture_crashes == 3
    monkeypatch.undo()
    with pytest.raises(Refused):
        documents.serve_page(version, 1, width=800, reader=READER, reason="review")


# --- Removing -----------------------------------------------------------------------------------


def stored_names(folder):
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file()}


def test_a_discarded_document_takes_its_files_with_it(
    stream, storage_folder, django_capture_on_commit_callbacks
):
    version = attached(received(), stream=stream)
    documents.serve_page(version, 1, width=400, reader=READER, reason="review")
    assert len(stored_names(storage_folder)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        in_a_door(lambda: steps.discard(version.document), actor=TIMER)
    assert not Document.objects.exists()
    assert stored_names(storage_folder) == set()
    assert Reading.objects.exists()


def test_files_that_no_row_names_go_after_a_day(stream, storage_folder):
    kept = attached(received(), stream=stream)
    documents.serve_page(kept, 1, width=400, reader=READER, reason="review")
    of_kept = stored_names(storage_folder)
    old, new = received(), received()
    picture = f"pictures/aa/bb/{uuid.uuid4().hex}/1-400.png"
    default_storage.save(picture, ContentFile(b"a picture"))
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for name in stored_names(storage_folder) - {new.storage_name}:
        os.utime(Path(storage_folder) / name, (long_ago, long_ago))
    sweep = timers.get("documents.remove_orphans")
    expected = [f"remove {old.storage_name}", f"remove {picture}"]
    assert sweep.run(timezone.now(), True) == expected
    assert sweep.run(timezone.now(), False) == expected
    assert stored_names(storage_folder) == {*of_kept, new.storage_name}
    assert sweep.run(timezone.now(), False) == []


def test_nothing_is_removed_when_the_database_is_likelier_to_be_wrong(storage_folder, monkeypatch):
    monkeypatch.setattr("foundation.documents.timers._BATCH", 3)
    for _number in range(5):
        default_storage.save(f"documents/aa/bb/{uuid.uuid4().hex}", ContentFile(b"a file"))
    later = timezone.now() + timedelta(days=3)
    lines = timers.get("documents.remove_orphans").run(later, False)
    assert lines == ["5 orphans beside 0 named files: nothing removed"]
    assert len(stored_names(storage_folder)) == 5
