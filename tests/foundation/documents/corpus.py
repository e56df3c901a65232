"""Hostile and broken files, made when they are needed."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

MEGABYTE = 1024 * 1024
MARKER = b"payload-that-must-not-survive"
#: The harmless text that every scanner takes for a virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True)
class Case:
    """A file, the name it comes under, and the code of its refusal; no code when it is taken."""

    name: str
    content: Callable[[], bytes]
    code: str = ""


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def new_pdf(pages: int = 1, text: str = "A transcript") -> Pdf:
    pdf = Pdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for _number in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        if text:
            page.obj.Contents = pdf.make_stream(f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode())
    return pdf


def saved(pdf: Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def plain() -> bytes:
    return saved(new_pdf())


def exactly(size: int) -> bytes:
    """A PDF of exactly this size: an unused stream fills it."""
    for length in (size - 2000, 0):
        pdf = new_pdf()
        pdf.Root.Filler = pdf.make_stream(b"\0" * length)
        content = saved(pdf, compress_streams=False)
        pdf = new_pdf()
        pdf.Root.Filler = pdf.make_stream(b"\0" * (length + size - len(content)))
        content = saved(pdf, compress_streams=False)
        if len(content) == size:
            return content
    raise AssertionError("could not make a file of that size")


def encrypted(user: str, owner: str) -> bytes:
    return saved(new_pdf(), encryption=pikepdf.Encryption(user=user, owner=owner))


def with_open_action() -> bytes:
    pdf = new_pdf()
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String(MARKER.decode()))
    return saved(pdf)


def with_named_javascript() -> bytes:
    pdf = new_pdf()
    script = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pdf.make_stream(MARKER)))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("a"), script])))
    return saved(pdf, compress_streams=False)


def with_page_action() -> bytes:
    pdf = new_pdf()
    pdf.pages[0].obj.AA = Dictionary(
        O=Dictionary(S=Name.JavaScript, JS=pikepdf.String(MARKER.decode()))
    )
    return saved(pdf)


def with_annotation(**entries: Any) -> bytes:
    pdf = new_pdf()
    annotation = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 100, 100]), **entries)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(annotation)])
    return saved(pdf, compress_streams=False)


def with_launch() -> bytes:
    action = Dictionary(S=Name.Launch, F=pikepdf.String(MARKER.decode()))
    return with_annotation(Subtype=Name.Link, A=action)


def with_chained_action() -> bytes:
    """A harmless link whose next action is not harmless."""
    hidden = Dictionary(S=Name.SubmitForm, F=pikepdf.String(MARKER.decode()))
    action = Dictionary(S=Name.URI, URI=pikepdf.String("https://example.org"), Next=Array([hidden]))
    return with_annotation(Subtype=Name.Link, A=action)


def with_embedded_file() -> bytes:
    pdf = new_pdf()
    pdf.attachments["evil.exe"] = MARKER
    return saved(pdf, compress_streams=False)


def with_attached_annotation() -> bytes:
    return with_annotation(Subtype=Name.FileAttachment, Contents=pikepdf.String(MARKER.decode()))


def with_rich_media() -> bytes:
    return with_annotation(
        Subtype=Name.RichMedia,
        RichMediaContent=Dictionary(Note=pikepdf.String(MARKER.decode())),
    )


def with_form_script() -> bytes:
    pdf = new_pdf()
    field = pdf.make_indirect(
        Dictionary(
            FT=Name.Tx,
            T=pikepdf.String("name"),
            AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS=pikepdf.String(MARKER.decode()))),
        )
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    return saved(pdf)


def with_xfa(*, dynamic: bool) -> bytes:
    pdf = new_pdf()
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(MARKER))
    if dynamic:
        pdf.Root.NeedsRendering = True
    return saved(pdf, compress_streams=False)


def with_outline_launch() -> bytes:
    pdf = new_pdf()
    entry = pdf.make_indirect(
        Dictionary(
            Title=pikepdf.String("Open"),
            A=Dictionary(S=Name.Launch, F=pikepdf.String(MARKER.decode())),
        )
    )
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=entry, Last=entry))
    return saved(pdf)


def hidden_after_the_end() -> bytes:
    return plain() + b"\n" + MARKER


def zip_after_the_end() -> bytes:
    """A file that is a PDF to one program and an archive to another."""
    return plain() + archive({"evil.txt": MARKER * 200}, compressed=False)


def bomb() -> bytes:
    """A page whose content is a GB of spaces, in a file of a few KB."""
    pdf = new_pdf()
    block, times = b" " * (16 * MEGABYTE), 64
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _number in range(times):
        checksum = zlib.adler32(block, checksum)
    # A flushed block stands for itself, so it is packed once and written many times.
    packed = b"\x78\xda" + packed * times + packer.flush() + struct.pack("!I", checksum)
    assert zlib.decompressobj().decompress(packed, 100) == block[:100]
    stream = pikepdf.Stream(pdf, zlib.compress(packed, 9))
    stream.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    pdf.pages[0].obj.Contents = stream
    return saved(pdf, compress_streams=False)


def huge_image_in_pdf() -> bytes:
    pdf = new_pdf()
    image = pdf.make_stream(b"\0" * 100)
    image.update(
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=60_000,
            Height=60_000,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
    )
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
    return saved(pdf)


def nested(depth: int) -> bytes:
    pdf = new_pdf()
    value: object = Array([])
    for _number in range(depth):
        value = Array([value])
    pdf.Root.Deep = value
    return saved(pdf)


def truncated() -> bytes:
    content = saved(new_pdf(pages=20))
    return content[: len(content) // 2]


def rubbish() -> bytes:
    return b"%PDF-1.7\n" + b"rubbish " * 500 + b"\n%%EOF\n"


def looping_pages() -> bytes:
    """A page tree that contains itself."""
    pdf = new_pdf()
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    return saved(pdf)


def image(
    kind: str, size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color="white" if mode == "RGB" else 1).save(out, kind, **options)
    return out.getvalue()


def photo_with_gps() -> bytes:
    """A JPEG that lies on its side and says where it was taken."""
    photo = Image.new("RGB", (400, 200), "white")
    exif = photo.getexif()
    exif[0x0112] = 6
    exif[0x010E] = MARKER.decode()
    exif.get_ifd(0x8825)[29] = "2026:01:01"
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif, comment=MARKER)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims these dimensions, with next to no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))
        )

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def png_text_bomb() -> bytes:
    """A PNG whose comment unpacks to 200 MB."""
    good = image("PNG")
    body = b"note\0\0" + zlib.compress(b"\0" * (200 * MEGABYTE), 9)
    text = struct.pack("!I", len(body)) + b"zTXt" + body
    text += struct.pack("!I", zlib.crc32(b"zTXt" + body))
    return good[:33] + text + good[33:]


def archive(files: dict[str, bytes], *, compressed: bool = True) -> bytes:
    out = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", how) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


REFUSED = [
    Case("empty.pdf", lambda: b"", "empty"),
    Case("too-large.pdf", lambda: exactly(10 * MEGABYTE + 1), "too_large"),
    Case("text.pdf", lambda: b"Dear Sir or Madam,\n" * 40, "wrong_type"),
    Case("page.pdf", lambda: b"<!doctype html><script>alert(1)</script>", "wrong_type"),
    Case(
        "html-then.pdf",
        lambda: b"<html><script>alert(1)</script></html>" + plain(),
        "wrong_type",
    ),
    Case(
        "drawing.svg",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "wrong_type",
    ),
    Case(
        "drawing.png",
        lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>",
        "wrong_type",
    ),
    Case("moving.gif", lambda: image("GIF", mode="P"), "wrong_type"),
    Case("web.webp", lambda: image("WEBP"), "wrong_type"),
    Case("program.pdf", lambda: b"MZ\x90\0" + b"\0" * 500, "wrong_type"),
    Case("zip.pdf", lambda: archive({"a.txt": b"text"}), "archive"),
    Case(
        "cv.docx",
        lambda: archive({"[Content_Types].xml": b"", "word/a": b""}),
        "word_document",
    ),
    Case(
        "cv.doc",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
        "word_document",
    ),
    Case("photo.heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0" + b"\0" * 500, "phone_photo"),
    Case("scan.jpg", plain, "name_disagrees"),
    Case("scan.pdf", lambda: image("JPEG"), "name_disagrees"),
    Case("scan.pdf.exe", plain, "name_disagrees"),
    Case("scan", plain, "no_extension"),
    Case("locked.pdf", lambda: encrypted("open-me", "own-me"), "password"),
    Case("half.pdf", truncated, "incomplete"),
    Case("rubbish.pdf", rubbish, "broken"),
    Case("header-only.pdf", lambda: b"%PDF-1.7\n%%EOF", "broken"),
    Case("looping.pdf", looping_pages, "broken"),
    Case("archive-after.pdf", zip_after_the_end, "incomplete"),
    Case("no-pages.pdf", lambda: saved(Pdf.new()), "no_pages"),
    Case("101-pages.pdf", lambda: saved(new_pdf(pages=101)), "too_many_pages"),
    Case("bomb.pdf", bomb, "too_complex"),
    Case("deep.pdf", lambda: nested(300), "too_complex"),
    Case("huge-image.pdf", huge_image_in_pdf, "too_many_pixels"),
    Case("dynamic-form.pdf", lambda: with_xfa(dynamic=True), "form_only"),
    Case("huge.png", lambda: png_of(30_000, 30_000), "too_many_pixels"),
    Case("large.png", lambda: png_of(8_000, 5_001), "too_many_pixels"),
    Case("no-data.png", lambda: png_of(1000, 1000), "broken_image"),
    Case("cut.jpg", lambda: image("JPEG", (2000, 2000))[:4000], "broken_image"),
    Case("only-magic.jpg", lambda: b"\xff\xd8\xff", "broken_image"),
    Case("text-bomb.png", png_text_bomb, "broken_image"),
]

ACTIVE = [
    Case("open-action.pdf", with_open_action),
    Case("named-script.pdf", with_named_javascript),
    Case("page-action.pdf", with_page_action),
    Case("launch.pdf", with_launch),
    Case("chained.pdf", with_chained_action),
    Case("embedded.pdf", with_embedded_file),
    Case("attachment.pdf", with_attached_annotation),
    Case("rich-media.pdf", with_rich_media),
    Case("form-script.pdf", with_form_script),
    Case("static-form.pdf", lambda: with_xfa(dynamic=False)),
    Case("outline.pdf", with_outline_launch),
    Case("after-the-end.pdf", hidden_after_the_end),
]

TAKEN = [
    Case("plain.pdf", plain),
    Case("PLAIN.PDF", plain),
    Case("exactly.pdf", lambda: exactly(10 * MEGABYTE)),
    Case("owner.pdf", lambda: encrypted("", "own-me")),
    Case("100-pages.pdf", lambda: saved(new_pdf(pages=100))),
    Case("bom.pdf", lambda: b"\xef\xbb\xbf\r\n" + plain()),
    Case("grey.png", lambda: image("PNG", mode="L")),
    Case("palette.png", lambda: image("PNG", mode="P")),
    Case("clear.png", lambda: image("PNG", mode="RGBA")),
    Case("bits.png", lambda: image("PNG", mode="1")),
    Case("deep.png", lambda: image("PNG", mode="I;16")),
    Case("print.jpeg", lambda: image("JPEG", mode="CMYK")),
    Case("dot.jpg", lambda: image("JPEG", (1, 1))),
    Case("line.jpg", lambda: image("JPEG", (20_000, 10))),
    Case("large.jpg", lambda: image("JPEG", (8_000, 5_000))),
    Case("large.png", lambda: image("PNG", (8_000, 5_000), mode="RGBA")),
    Case("large-bits.png", lambda: image("PNG", (8_000, 5_000), mode="1")),
]
