"""Hostile files: none crashes anything, each gets its own sentence, nothing active is kept."""

import io
import sys
import time
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from foundation import documents
from foundation.documents import inspection
from foundation.documents.inspect_pdf import ACTIVE_KEYS
from foundation.documents.purposes import Purpose
from foundation.documents.receiving import Unacceptable
from foundation.documents.refusals import SENTENCES
from tests.foundation.documents import corpus


def receive(case, purpose=Purpose.TRANSCRIPT):
    return documents.receive(corpus.upload(case.name, case.content()), purpose=purpose)


def stored(received):
    with default_storage.open(received.storage_name) as stream:
        return stream.read()


@pytest.mark.parametrize("case", corpus.REFUSED, ids=lambda case: case.name)
def test_refused_with_its_own_sentence(case, storage_folder):
    with pytest.raises(Unacceptable) as caught:
        receive(case)
    assert caught.value.code == case.code
    assert "{" not in str(caught.value.sentence)
    assert not storage_folder.exists(), "something was kept of a refused file"


@pytest.mark.parametrize("case", corpus.ACTIVE, ids=lambda case: case.name)
def test_active_content_is_taken_out(case):
    assert corpus.MARKER in _all_bytes(case.content())
    received = receive(case)
    content = stored(received)
    assert corpus.MARKER not in _all_bytes(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        keys = {key for found in pdf.objects if hasattr(found, "keys") for key in _keys(found)}
        assert not keys & ACTIVE_KEYS
        assert len(pdf.pages) == received.pages == 1
    assert received.has_text


@pytest.mark.parametrize("case", corpus.TAKEN, ids=lambda case: case.name)
def test_taken(case):
    received = receive(case)
    content = stored(received)
    assert received.content_type == "application/pdf"
    assert received.size == len(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert not pdf.is_encrypted
        assert received.pages == len(pdf.pages)


def _keys(found):
    return found.keys() if isinstance(found, pikepdf.Dictionary | pikepdf.Stream) else ()


def _all_bytes(content):
    """A file's own bytes and those of its streams, unpacked."""
    parts = [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for found in pdf.objects:
            parts.append(found.unparse())
            if isinstance(found, pikepdf.Stream):
                is_jpeg = found.get("/Filter") == pikepdf.Name.DCTDecode
                parts.append(found.read_raw_bytes() if is_jpeg else found.read_bytes())
    return b"".join(parts)


def test_every_refusal_of_an_inspected_file_is_tried():
    tried = {case.code for case in corpus.REFUSED}
    assert set(SENTENCES) - tried == {"busy", "pdf_only", "active_content"}


def test_every_sentence_is_different():
    assert len({str(sentence) for sentence in SENTENCES.values()}) == len(SENTENCES)


def test_a_photo_stands_upright_and_forgets_where_it_was_taken():
    received = receive(corpus.Case("Holiday.jpeg", corpus.photo_with_gps))
    content = stored(received)
    assert received.original_name == "Holiday.pdf"
    assert not received.has_text
    assert corpus.MARKER not in _all_bytes(content)
    assert b"Exif" not in _all_bytes(content)
    width, height = pypdfium2.PdfDocument(content)[0].get_size()
    assert height == pytest.approx(2 * width, rel=0.01)


def drawn(received):
    """The first page as an image of 8 bits of grey."""
    page = pypdfium2.PdfDocument(stored(received))[0]
    return page.render(scale=1).to_pil().convert("L")


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "P", "RGB", "RGBA", "LA"])
def test_every_kind_of_image_looks_as_it_did(mode):
    """Left half black, right half white, larger than a page so that it is scaled down."""

    def halves():
        picture = Image.new("L", (5000, 4000), 0)
        picture.paste(255, (2500, 0, 5000, 4000))
        if mode == "I;16":
            picture = picture.convert("I").point(lambda value: value * 257).convert("I;16")
        out = io.BytesIO()
        (picture if mode == "I;16" else picture.convert(mode)).save(out, "PNG")
        return out.getvalue()

    page = drawn(receive(corpus.Case("halves.png", halves)))
    assert page.getpixel((page.width // 4, page.height // 2)) < 20
    assert page.getpixel((3 * page.width // 4, page.height // 2)) > 235


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation):
    """A photo with its dark corner wherever this orientation stores the upper left one."""
    upright = Image.new("L", (60, 100), 255)
    upright.paste(0, (0, 0, 30, 50))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    as_stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    as_stored.save(out, "JPEG", exif=exif)
    page = drawn(receive(corpus.Case("photo.jpg", out.getvalue)))
    assert page.height > page.width
    assert page.getpixel((page.width // 4, page.height // 4)) < 40
    assert page.getpixel((3 * page.width // 4, page.height // 4)) > 200
    assert page.getpixel((page.width // 4, 3 * page.height // 4)) > 200


def test_a_large_photo_becomes_an_a4_page():
    content = stored(receive(corpus.Case("scan.jpg", lambda: corpus.image("JPEG", (4000, 6000)))))
    width, height = pypdfium2.PdfDocument(content)[0].get_size()
    assert (width, height) <= (596, 842.1)
    assert len(content) < 1_000_000


def test_a_signed_file_is_kept_as_it_came():
    """Saving it anew would break the signature, which the office may want to verify."""

    def signed():
        pdf = corpus.new_pdf()
        pdf.Root.Signature = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Sig,
                ByteRange=pikepdf.Array([0, 1, 2, 3]),
                Contents=pikepdf.String("signature"),
            )
        )
        return corpus.saved(pdf).rstrip(b"\n")

    content = signed()
    assert stored(receive(corpus.Case("signed.pdf", lambda: content))) == content
    polyglot = content + b"\n" + corpus.MARKER
    assert corpus.MARKER not in stored(receive(corpus.Case("signed.pdf", lambda: polyglot)))


def test_a_letter_has_to_be_a_pdf():
    photo = corpus.Case("letter.jpg", lambda: corpus.image("JPEG"))
    with pytest.raises(Unacceptable) as caught:
        receive(photo, Purpose.LETTER)
    assert caught.value.code == "pdf_only"


def test_a_letter_has_fewer_pages_than_a_transcript():
    long = corpus.Case("long.pdf", lambda: corpus.saved(corpus.new_pdf(pages=21)))
    assert receive(long, Purpose.TRANSCRIPT).pages == 21
    with pytest.raises(Unacceptable) as caught:
        receive(long, Purpose.LETTER)
    assert "21 pages, and at most 20" in str(caught.value.sentence)


def test_an_upload_larger_than_it_says_is_stopped_while_it_is_read():
    upload = corpus.upload("liar.pdf", b"%PDF-" + b"\0" * (10 * corpus.MEGABYTE + 1))
    upload.size = 100
    with pytest.raises(Unacceptable) as caught:
        documents.receive(upload, purpose=Purpose.CV)
    assert caught.value.code == "too_large"


# --- The limits of the subprocess ---------------------------------------------------------------


def run_instead(monkeypatch, tmp_path, body):
    """Run other code where the inspector would run, under the inspector's own limits."""
    package = tmp_path / "other" / "foundation" / "documents"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    own = Path(inspection.__file__).parent
    for name in ("inspector.py", "errors.py"):
        (package / name).write_text((own / name).read_text())
    (package / "inspector.py").write_text(
        (package / "inspector.py").read_text().replace("    order = json.loads(sys.argv[1])", body)
    )
    monkeypatch.setattr("django.conf.settings.BASE_DIR", tmp_path / "other")


def test_memory_is_limited(monkeypatch, tmp_path):
    run_instead(monkeypatch, tmp_path, "    hoard = bytearray(2_000_000_000)")
    with pytest.raises(inspection.InspectorDied):
        inspection.run(tmp_path, {"task": "check"})


def test_cpu_time_is_limited(monkeypatch, tmp_path):
    run_instead(
        monkeypatch,
        tmp_path,
        "    import resource; print(resource.getrlimit(resource.RLIMIT_CPU), file=open("
        "folder / 'cpu', 'w')); resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
        "    while True: pass",
    )
    started = time.monotonic()
    with pytest.raises(inspection.InspectorDied):
        inspection.run(tmp_path, {"task": "check"})
    assert (tmp_path / "cpu").read_text().strip() == "(10, 10)"
    assert time.monotonic() - started < 10


def test_the_clock_is_limited_also_for_one_that_only_waits(monkeypatch, tmp_path):
    run_instead(
        monkeypatch,
        tmp_path,
        "    (folder / 'pid').write_text(str(os.getpid()))\n    import time; time.sleep(600)",
    )
    monkeypatch.setattr(inspection, "WALL_SECONDS", 1)
    with pytest.raises(inspection.InspectorDied):
        inspection.run(tmp_path, {"task": "check"})
    with pytest.raises(ProcessLookupError):
        __import__("os").kill(int((tmp_path / "pid").read_text()), 0)


def test_the_size_of_what_it_writes_is_limited(monkeypatch, tmp_path):
    run_instead(monkeypatch, tmp_path, "    (folder / 'made').write_bytes(bytes(100_000_000))")
    with pytest.raises(inspection.InspectorDied):
        inspection.run(tmp_path, {"task": "check"})
    assert (tmp_path / "made").stat().st_size <= 64 * corpus.MEGABYTE


def test_it_knows_no_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    run_instead(
        monkeypatch,
        tmp_path,
        "    (folder / 'result.json').write_text(json.dumps(dict(os.environ))); return",
    )
    known = inspection.run(tmp_path, {"task": "check"})
    assert known["PORTAL_INSPECT"] == str(tmp_path)
    assert "do-not-tell" not in str(known)
    assert not {name for name in known if "URL" in name or "SECRET" in name}


@pytest.mark.parametrize(
    "result",
    [
        "",
        "[]",
        "nonsense",
        '{"pages": 1000000, "has_text": true}',
        '{"pages": "1", "has_text": true}',
        '{"refused": "unheard-of", "facts": {}}',
        '{"refused": "too_large", "facts": {"limit.__class__": 1}}',
        '{"refused": "name_disagrees", "facts": {"content_type": "text/html"}}',
    ],
)
def test_a_subprocess_that_was_taken_over_is_not_believed(monkeypatch, tmp_path, result):
    run_instead(
        monkeypatch,
        tmp_path,
        f"    (folder / 'made').touch(); (folder / 'result.json').write_text({result!r}); return",
    )
    with pytest.raises(Unacceptable):
        inspection.check(tmp_path, given_name="a.pdf", limits=Purpose.CV.limits)


def test_the_inspector_starts_without_django():
    import subprocess

    code = (
        "import foundation.documents.inspector, foundation.documents.inspect_pdf,"
        " foundation.documents.inspect_image, foundation.documents.sniffing, sys;"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
