"""The letter: uploaded or pasted, kept through errors, replaced, refused, read by nobody else."""

import io
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applicants.models import Application, Holder, RequirementState
from applicants.states import ApplicationState
from foundation.documents.models import VersionState
from foundation.documents.scanning import scan_version
from foundation.documents.serving import serve
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from referees import actions, letters, rules
from referees.models import Letter, ReferenceRequest, RequestState
from tests.factories import NOW, make_person, received_pdf, submitted
from tests.foundation.documents import corpus
from tests.foundation.documents.attaching import bytes_of
from tests.referees.letters import (
    PERSON,
    WORDS,
    deliver,
    inside,
    pdf,
    request_at,
    requirement,
    save,
    send,
    token_in,
)

pytestmark = pytest.mark.django_db
NASTY = "Zoë O'Brien-Łukasiewicz <b>"


@pytest.fixture
def application():
    application = submitted(now=timezone.now())
    deliver()
    return application


def test_a_letter_is_uploaded_checked_and_sent(application):
    request = request_at(application)
    client = inside(request)
    page = client.get("/reference/")
    assert f'value="{request.nominee.post}"' in page.text
    page = client.post("/reference/", {**PERSON, "file": pdf("Letter für Zoë.pdf")}, follow=True)
    assert "Letter für Zoë.pdf" in page.text
    assert "1 page" in page.text
    served = client.get("/reference/file/")
    assert served.headers["Content-Type"] == "application/pdf"
    assert b"".join(served.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    # Not sent yet: the requirement waits.
    assert requirement(application).is_open
    page = client.post("/reference/check/", follow=True)
    assert "We have your letter for" in page.text
    assert requirement(application).state == RequirementState.MET
    receipt, news = deliver()
    assert receipt.to == [request.nominee.email]
    assert "There is nothing else for you to do" in receipt.body
    assert "You can replace the letter" in receipt.body
    assert "{" not in receipt.body + news.body
    assert news.to == [application.applicant.email]
    assert "sent your reference" in news.subject


def test_a_double_click_and_a_second_device_send_one_letter(application):
    client, other = inside(request_at(application)), inside(request_at(application))
    client.post("/reference/", {**PERSON, "text": WORDS})
    for browser in (client, client, other):
        answer = browser.post("/reference/check/")
        assert (answer.status_code, answer.url) == (302, "/reference/sent/")  # type: ignore[attr-defined]
    assert Letter.objects.count() == 1
    assert len(deliver()) == 2


def test_what_was_uploaded_survives_an_error_elsewhere(application):
    client = inside(request_at(application))
    page = client.post("/reference/", {**PERSON, "relationship": "", "file": pdf("mine.pdf")})
    assert "Say how you know the applicant" in page.text
    assert "We have your file <strong>mine.pdf</strong>" in page.text
    note = page.context["form"].data["kept"]
    page = client.post("/reference/", {**PERSON, "kept": note}, follow=True)
    assert "mine.pdf" in page.text
    assert "Send the letter" in page.text
    # The note is this request's alone.
    stranger = inside(request_at(application, 2))
    page = stranger.post("/reference/", {**PERSON, "kept": note})
    assert "Upload your letter, or write it in the box below" in page.text


def test_what_was_written_survives_an_error_elsewhere(application):
    client = inside(request_at(application))
    page = client.post("/reference/", {**PERSON, "name": "", "text": WORDS + NASTY})
    assert "Enter your name" in page.text
    assert "O&#x27;Brien-Łukasiewicz &lt;b&gt;" in page.text
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Far too short a letter", "The letter has only 5 words. Write at least 20"),
        ("word " * 6000, "The letter has 6000 words. Write at most 5000, or upload a PDF"),
        ("", "Upload your letter, or write it in the box below"),
        ("  \n ", "Upload your letter, or write it in the box below"),
    ],
)
def test_a_letter_of_the_wrong_length_is_refused(application, text, words):
    client = inside(request_at(application))
    page = client.post("/reference/", {**PERSON, "text": text})
    assert words in page.text
    assert text.strip() in page.text
    assert request_at(application).draft_text == ""


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("letter.pdf", b""), "empty"),
        (SimpleUploadedFile("letter.pdf", b"Dear all"), "PDF"),
        (SimpleUploadedFile("letter.docx", b"PK\x03\x04" + b"0" * 100), "PDF"),
        (SimpleUploadedFile("letter.pdf", corpus.plain()[:-300]), ""),
    ],
)
def test_a_bad_file_is_refused_beside_its_field(application, upload, words):
    client = inside(request_at(application))
    page = client.post("/reference/", {**PERSON, "file": upload})
    if page.status_code == 302:
        # A PDF cut at its end can be mended, and then it is a letter.
        assert upload.name == "letter.pdf"
        return
    assert 'id="id_file_error"' in page.text
    assert words in page.text
    assert page.text.count('href="#id_file"') == 1
    assert PERSON["relationship"] in page.text
    assert request_at(application).document is None


def test_an_encrypted_file_is_refused(application):
    secret = io.BytesIO()
    with pikepdf.open(io.BytesIO(corpus.plain())) as opened:
        opened.save(secret, encryption=pikepdf.Encryption(user="a", owner="b"))
    upload = SimpleUploadedFile("letter.pdf", secret.getvalue())
    page = inside(request_at(application)).post("/reference/", {**PERSON, "file": upload})
    assert "password" in page.text


def test_a_file_and_a_text_are_a_question(application):
    client = inside(request_at(application))
    page = client.post("/reference/", {**PERSON, "file": pdf(), "text": WORDS})
    assert "Send a file or a text, not both" in page.text
    assert WORDS.strip() in page.text
    page = client.post("/reference/", {**PERSON, "text": WORDS}, follow=True)
    assert "We make a PDF of it" in page.text


def test_what_came_last_is_sent(application):
    client = inside(request_at(application))
    client.post("/reference/", {**PERSON, "text": WORDS})
    page = client.post("/reference/", {**PERSON, "file": pdf("newer.pdf")}, follow=True)
    assert "newer.pdf" in page.text
    assert WORDS[:40] not in page.text
    page = client.get("/reference/")
    assert "We have your file <strong>newer.pdf</strong>" in page.text
    page = client.post("/reference/", {**PERSON, "text": WORDS}, follow=True)
    assert WORDS[:40] in page.text
    client.post("/reference/check/")
    assert Letter.objects.get().version is None


def test_a_pasted_letter_becomes_a_tagged_pdf_and_arrived_when_it_was_sent():
    application = submitted()
    request = request_at(application)
    text = "Dear colleagues,\n\nAmara is <b>excellent</b>.\n\n" + WORDS
    letter = send(request, now=NOW + timedelta(hours=1), text=text)
    assert requirement(application).is_open
    assert requirement(application).held_by == Holder.OFFICE
    letters.make_pdf(letter.pk)
    letters.make_pdf(letter.pk)
    letter.refresh_from_db()
    assert letter.version.state == VersionState.CLEAN
    assert Letter.objects.count() == 1
    met = requirement(application)
    assert met.state == RequirementState.MET
    assert met.arrived_at == NOW + timedelta(hours=1)
    served = bytes_of(serve(letter.version, reader=Actor.timer("test"), reason="test"))
    with pikepdf.open(io.BytesIO(served)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in opened.Root
    document = pypdfium2.PdfDocument(served)
    shown = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Amara is <b>excellent</b>." in shown
    assert "Dr Helen Marsh" in shown
    document.close()


def test_the_timer_makes_what_no_nudge_brought():
    application = submitted()
    send(request_at(application), now=NOW, text=WORDS)
    from foundation import timers

    timer = timers.get("referees.make_letter_pdfs")
    assert len(timer.run(NOW + timedelta(minutes=1), True)) == 1
    assert requirement(application).is_open
    assert len(timer.run(NOW + timedelta(minutes=1), False)) == 1
    assert not requirement(application).is_open
    assert timer.run(NOW + timedelta(minutes=2), False) == []


def test_a_letter_is_replaced_within_a_day_and_not_after_it():
    application = submitted()
    request = request_at(application)
    send(request, now=NOW)
    second = send(request, now=NOW + timedelta(hours=23))
    with pytest.raises(Refused, match="request_received"):
        save(request, now=NOW + timedelta(hours=24, seconds=1))
    # Started in time, sent too late.
    with pytest.raises(Refused, match="request_received"):
        actions.send_letter(
            request.pk, actor=Actor.referee(request.pk), now=NOW + timedelta(hours=25)
        )
    assert list(request.letters.values_list("version__number", flat=True)) == [1, 2]
    assert requirement(application).arrived_at == NOW
    receipts = [mail for mail in deliver(NOW) if "we have your letter" in mail.subject]
    # The day runs from the first letter, and both receipts say so.
    assert [("10am on Wednesday 13 January" in mail.body) for mail in receipts] == [True, True]
    assert second.version.is_clean


def test_replacing_ends_when_a_decision_is_proposed():
    application = submitted()
    request = request_at(application)
    send(request, now=NOW)
    held: list[Application] = []
    rules.end_replacement_when(held.append)
    try:
        assert rules.may_replace(request_at(application), NOW)
        rules.end_replacement_when(lambda row: row.pk == application.pk)
        assert not rules.may_replace(request_at(application), NOW)
    finally:
        del rules._replacement_ends[-2:]
    assert held


def infected(name="virus.pdf"):
    made = corpus.new_pdf()
    made.Root.Note = made.make_stream(corpus.EICAR)
    # Said to be an image, so that it stays as it is.
    made.Root.Note.Filter = pikepdf.Name.DCTDecode
    return received_pdf(name, corpus.saved(made))


def scan(request):
    request = ReferenceRequest.objects.get(pk=request.pk)
    scan_version(request.document.newest.id, actor=Actor.timer("documents.scan"))


def test_an_infected_letter_is_asked_for_again(fake_clamd):
    application = submitted()
    deliver(NOW)
    request = request_at(application)
    send(request, now=NOW, received=infected())
    assert requirement(application).held_by == Holder.OFFICE
    scan(request)
    request.refresh_from_db()
    assert request.state == RequestState.ASKED
    assert requirement(application).held_by == Holder.REFEREE
    (again,) = [mail for mail in deliver(NOW) if "again" in mail.subject]
    assert again.to == [request.nominee.email]
    assert token_in(again)
    send(request, now=NOW + timedelta(hours=1))
    assert requirement(application).is_open
    scan(request)
    assert requirement(application).state == RequirementState.MET
    assert requirement(application).arrived_at == NOW + timedelta(hours=1)


def test_an_infected_replacement_leaves_the_clean_letter_in_place(fake_clamd):
    application = submitted()
    request = request_at(application)
    send(request, now=NOW)
    scan(request)
    send(request, now=NOW + timedelta(hours=2), received=infected())
    scan(request)
    request.refresh_from_db()
    assert request.state == RequestState.RECEIVED
    assert requirement(application).state == RequirementState.MET
    assert Event.objects.filter(kind="reference.letter_refused").count() == 1


def test_a_newer_letter_is_waited_for_before_another_is_asked_for(fake_clamd):
    application = submitted()
    request = request_at(application)
    first = send(request, now=NOW, received=infected())
    send(request, now=NOW + timedelta(hours=2))
    scan_version(first.version_id, actor=Actor.timer("documents.scan"))
    assert request_at(application).state == RequestState.RECEIVED
    scan(request)
    assert requirement(application).state == RequirementState.MET


def test_an_infected_draft_can_not_be_sent(fake_clamd):
    application = submitted(now=timezone.now())
    request = request_at(application)
    save(request, now=timezone.now(), received=infected())
    client = inside(request)
    assert "<strong>virus.pdf</strong>" in client.get("/reference/check/").text
    assert client.get("/reference/file/").status_code == 404
    scan(request)
    with pytest.raises(Refused, match="file_unusable"):
        actions.send_letter(request.pk, actor=Actor.referee(request.pk))
    page = client.post("/reference/check/", follow=True)
    assert "did not pass our safety check" in page.text
    page = client.post("/reference/", {**PERSON})
    assert "Upload your letter, or write it in the box below" in page.text


def test_both_letters_complete_the_file():
    application = submitted()
    send(request_at(application, 1), now=NOW + timedelta(hours=1))
    send(request_at(application, 2), now=NOW + timedelta(hours=5))
    application.refresh_from_db()
    assert application.state == ApplicationState.IN_REVIEW
    assert application.review_clock.completed_at == NOW + timedelta(hours=5)


def test_names_are_words_everywhere():
    person = make_person(NASTY)
    application = submitted(applicant=person, now=timezone.now())
    request = request_at(application)
    request.nominee.full_name = NASTY
    request.nominee.save()
    mails = deliver()
    ask = next(mail for mail in mails if mail.to == [request.nominee.email])
    assert ask.subject == f"{NASTY} asks you for a reference"
    (html, kind), *_more = ask.alternatives
    assert kind == "text/html"
    assert "<b>" not in html
    assert "O&#x27;Brien-Łukasiewicz &lt;b&gt;" in html
    client = inside(request)
    pages = [client.get("/reference/"), client.get("/reference/decline/")]
    pages.append(client.post("/reference/", {**PERSON, "name": NASTY, "text": WORDS}, follow=True))
    pages.append(client.post("/reference/check/", follow=True))
    for page in pages:
        assert page.status_code == 200
        assert "<b>" not in page.text
        assert "O&#x27;Brien-Łukasiewicz &lt;b&gt;" in page.text


def test_the_applicant_is_shown_that_it_came_and_not_what_it_says(client):
    from tests.sign_in import sign_in_as

    application = submitted(now=timezone.now())
    request = request_at(application)
    send(request, now=timezone.now(), text="The secret verdict. " + WORDS)
    sign_in_as(client, application.applicant)
    for address in ("", "referees/", "check/"):
        page = client.get(f"/applications/{application.reference}/{address}", follow=True)
        assert page.status_code == 200
        assert "secret verdict" not in page.text
    assert "Letter received" in client.get(f"/applications/{application.reference}/referees/").text
    assert client.get("/reference/sent/").status_code == 403
