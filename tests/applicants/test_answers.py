"""What is typed and uploaded: a sentence beside the field, what was given stays, nothing changes."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applicants import demo
from applicants.models import Application, FileKind, PersonalDetails
from foundation.history.models import Event, Reading
from tests.applicants.browsing import draft, ready_draft, signed_in, text_of, url

pytestmark = pytest.mark.django_db

PERSONAL = {
    "legal_name": "Amara Njoroge",
    "preferred_name": "",
    "date_of_birth_0": "17",
    "date_of_birth_1": "5",
    "date_of_birth_2": "1998",
    "nationality": "KE",
    "residence": "GB",
    "phone": "+44 20 7946 0018",
}
QUALIFICATION = {
    "institution": "University of Nairobi",
    "country": "KE",
    "award": "BSc",
    "subject": "Mathematics",
    "status": "awarded",
    "awarded_on_0": "4",
    "awarded_on_1": "September",
    "awarded_on_2": "2020",
    "grade_scale": "gpa_4",
    "grade_value": "3.7",
}
TEST = {
    "test": "ielts",
    "overall": "7.5",
    "taken_on_0": "1",
    "taken_on_1": "2",
    "taken_on_2": "2026",
}
FUTURE = str(timezone.localdate().year + 1)


@pytest.mark.parametrize(
    ("page", "args", "good", "wrong", "sentence"),
    [
        ("personal_details", (), PERSONAL, {"date_of_birth_1": "13"}, "must be a real date"),
        ("personal_details", (), PERSONAL, {"date_of_birth_2": FUTURE}, "must be in the past"),
        ("personal_details", (), PERSONAL, {"phone": "call me"}, "Enter a telephone number"),
        ("personal_details", (), PERSONAL, {"legal_name": "see www.x.org"}, "web address"),
        ("personal_details", (), PERSONAL, {"nationality": "XX"}, "valid choice"),
        ("add_qualification", (), QUALIFICATION, {"grade_value": "4.7"}, "between 0 and 4"),
        ("add_qualification", (), QUALIFICATION, {"grade_value": ""}, "Enter your grade"),
        ("add_qualification", (), QUALIFICATION, {"awarded_on_2": FUTURE}, "still to come"),
        ("add_qualification", (), QUALIFICATION, {"status": "expected"}, "This date is past"),
        ("add_qualification", (), QUALIFICATION, {"grade_pending": "on"}, "has been awarded"),
        ("add_qualification", (), QUALIFICATION, {"awarded_on_0": ""}, "must include a day"),
        ("english_details", ("test",), TEST, {"overall": "9.5"}, "between 0 and 9"),
        ("english_details", ("test",), TEST, {"overall": "seven"}, "as a number"),
        ("english_details", ("test",), TEST, {"taken_on_2": FUTURE}, "must be in the past"),
        ("statement", (), {"text": "Hi"}, {"text": "word " * 1001}, "1,000 words or fewer"),
        ("statement", (), {"text": "Hi"}, {"text": "  "}, "Write your personal statement"),
        ("english", (), {"basis": "test"}, {"basis": ""}, "Choose how you show"),
    ],
)
def test_bad_input(page: str, args: tuple, good: dict, wrong: dict, sentence: str) -> None:
    application = draft()
    client = signed_in(application)
    before = Event.objects.count()
    address = url(page, application, *args)
    response = client.post(address, {**good, **wrong})
    assert response.status_code == 200
    html = response.content.decode()
    assert sentence in text_of(response)
    assert "<title>Error:" in html
    for value in {**good, **wrong}.values():
        if value.strip():
            assert value.strip() in html
    assert Event.objects.count() == before
    assert client.post(address, good).status_code == 302


def test_every_typed_section_can_be_filled_in_and_changed() -> None:
    application = draft()
    client = signed_in(application)
    for page, args, answers in (
        ("personal_details", (), PERSONAL),
        ("add_qualification", (), QUALIFICATION),
        ("english_details", ("test",), TEST),
        ("english_details", ("degree",), {"degree_country": "IE"}),
        ("statement", (), {"text": "One.\r\n\r\nTwo."}),
    ):
        assert client.post(url(page, application, *args), answers).status_code == 302
    application = Application.objects.get(pk=application.pk)
    assert application.statement.text == "One.\n\nTwo."
    assert application.english.basis == "degree"
    assert application.english.overall is None
    held = application.qualifications.get()
    change = url("change_qualification", application, held.public_id)
    assert 'value="3.7"' in client.get(change).content.decode()
    client.post(change, {**QUALIFICATION, "grade_value": "3.9"})
    held.refresh_from_db()
    assert held.grade_value == "3.9"
    remove = url("remove_qualification", application, held.public_id)
    assert "Remove this qualification?" in text_of(client.get(remove))
    assert client.post(remove).status_code == 302
    assert client.post(remove).status_code == 302
    assert application.qualifications.count() == 0


def test_what_the_account_knows_is_not_asked_again() -> None:
    application = draft()
    html = signed_in(application).get(url("personal_details", application)).content.decode()
    assert "Zoë O’Brien-Łukasiewicz" in html
    assert PersonalDetails.objects.count() == 0


# --- Files ----------------------------------------------------------------------------------------


def pdf(name: str, line: str = "x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, demo.sample_pdf(name, [line]), "application/pdf")


def test_good_files_are_kept_when_another_is_bad() -> None:
    application = draft()
    client = signed_in(application)
    response = client.post(
        url("transcripts", application),
        {
            "transcript": "1",
            "transcript-file": [
                pdf("one.pdf"),
                SimpleUploadedFile("word.pdf", b"not a PDF at all", "application/pdf"),
                SimpleUploadedFile("empty.pdf", b"", "application/pdf"),
            ],
        },
    )
    assert response.status_code == 200
    words = text_of(response)
    assert "word.pdf: " in words
    assert "empty.pdf: The file is empty" in words
    assert "one.pdf" in words
    assert [file.kind for file in application.files.all()] == [FileKind.TRANSCRIPT]


def test_a_certificate_goes_to_the_certificates() -> None:
    application = draft()
    client = signed_in(application)
    response = client.post(
        url("transcripts", application),
        {"certificate": "1", "certificate-file": [pdf("a.pdf"), pdf("b.pdf", "y")]},
        follow=True,
    )
    assert "2 files added" in text_of(response)
    assert {file.kind for file in application.files.all()} == {FileKind.CERTIFICATE}


def test_no_file_chosen() -> None:
    application = draft()
    response = signed_in(application).post(url("cv", application), {"cv": "1"})
    assert "Choose a file" in text_of(response)


def test_one_reads_and_removes_ones_own_file() -> None:
    application = ready_draft()
    client = signed_in(application)
    file = application.files.get(kind=FileKind.CV)
    response: Any = client.get(url("file", application, file.document_id))
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    reading = Reading.objects.get()
    assert (reading.reader_id, reading.reason) == (application.applicant_id, "own file")
    remove = url("remove_file", application, file.document_id)
    assert "cv.pdf" in text_of(client.get(remove))
    assert client.post(remove)["Location"] == url("cv", application)
    assert client.get(remove).status_code == 404
    assert client.get(url("file", application, file.document_id)).status_code == 404
