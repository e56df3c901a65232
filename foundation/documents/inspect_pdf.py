"""Opening a PDF: what may be kept of it, what is taken out, how it looks. Only in the inspector."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf

from foundation.documents.errors import Refusal

#: A scanned A3 page at 600 dpi has 70 million.
MAX_IMAGE_PIXELS = 200_000_000
#: A page twice as tall as A0 isn't a page. PDF's own limit is 14,400.
_MAX_PICTURE_RATIO = 4
_END_BYTES = 2048
_PAGES_READ_FOR_TEXT = 10
_MAX_DEPTH = 100

#: Keys that start something, or carry other files, wherever they stand.
ACTIVE_KEYS = frozenset(
    {
        "/AA",
        "/AF",
        "/Collection",
        "/EF",
        "/EmbeddedFiles",
        "/JavaScript",
        "/JS",
        "/OpenAction",
        "/Renditions",
        "/RichMediaContent",
        "/RichMediaSettings",
        "/XFA",
    }
)
#: Actions that may stay: they move within the file, or open a page when clicked.
HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named"})
ACTION_TYPES = frozenset(
    {
        "/GoTo3DView",
        "/GoToDp",
        "/GoToE",
        "/GoToR",
        "/Hide",
        "/ImportData",
        "/JavaScript",
        "/Launch",
        "/Movie",
        "/Rendition",
        "/ResetForm",
        "/RichMediaExecute",
        "/SetOCGState",
        "/Sound",
        "/SubmitForm",
        "/Thread",
        "/Trans",
    }
)
#: Annotations that carry or play something.
ACTIVE_ANNOTATIONS = frozenset(
    {"/3D", "/FileAttachment", "/Movie", "/RichMedia", "/Screen", "/Sound"}
)


def clean(given: Path, made: Path, *, max_pages: int) -> None:
    """Write what we keep of a PDF. Raises Refusal.

    It is saved anew, which drops an owner's password, whatever is hidden before, between and after
    its objects, and what was taken out. A signed PDF that holds nothing active is kept as it came,
    because saving it anew would break the signature.
    """
    _require_end(given)
    try:
        pdf = pikepdf.open(given)
    except pikepdf.PasswordError:
        raise Refusal("password") from None
    except (pikepdf.PdfError, ValueError) as error:
        # Encrypted for certain readers, instead of with a password.
        raise Refusal("password" if "encrypt" in str(error).lower() else "broken") from None
    with pdf:
        _require_pages(pdf, max_pages)
        is_signed = _is_signed(pdf)
        was_active = _remove_active(pdf)
        if is_signed and not was_active and not pdf.is_encrypted and _starts_clean(given):
            made.write_bytes(given.read_bytes())
            return
        try:
            pdf.save(made, encryption=False)
        except (pikepdf.PdfError, RuntimeError, ValueError):
            raise Refusal("broken") from None
    _require_inactive(made)


def describe(made: Path) -> dict[str, Any]:
    """Pages, and whether there is text in the first ones. Raises Refusal when it can't be shown."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(made)
        has_text = False
        for index, page in enumerate(pdf):
            if index < _PAGES_READ_FOR_TEXT and not has_text:
                has_text = page.get_textpage().count_chars() > 0
            page.close()
        return {"pages": len(pdf), "has_text": has_text}
    except pypdfium2.PdfiumError:
        raise Refusal("broken") from None


def draw_page(given: Path, made: Path, page_number: int, width: int) -> None:
    """Write one page as a PNG of this width. Raises Refusal."""
    import pypdfium2

    try:
        page = pypdfium2.PdfDocument(given)[page_number - 1]
        page_width, page_height = page.get_size()
        if page_width <= 0 or page_height / page_width > _MAX_PICTURE_RATIO:
            raise Refusal("broken")
        # It rounds up: without the half, a page could come out one pixel wider.
        image = page.render(scale=(width - 0.5) / page_width, may_draw_forms=True).to_pil()
    except (pypdfium2.PdfiumError, IndexError):
        raise Refusal("broken") from None
    image.convert("RGB").save(made, "PNG", optimize=False, compress_level=6)


def _require_end(given: Path) -> None:
    """A download that broke off, or a file that goes on as something else, has no end."""
    with given.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - _END_BYTES, 0))
        if b"%%EOF" not in stream.read():
            raise Refusal("incomplete")


def _starts_clean(given: Path) -> bool:
    """Begins with the header and ends with the end: nothing is hidden around the file."""
    content = given.read_bytes()
    return content.startswith(b"%PDF-") and content.rstrip(b"\0\r\n ").endswith(b"%%EOF")


def _require_pages(pdf: pikepdf.Pdf, max_pages: int) -> None:
    try:
        pages = len(pdf.pages)
    except (pikepdf.PdfError, RuntimeError, ValueError):
        raise Refusal("broken") from None
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form and _needs_rendering(pdf):
        raise Refusal("form_only")
    if pages == 0:
        raise Refusal("no_pages")
    if pages > max_pages:
        raise Refusal("too_many_pages", pages=pages, limit=max_pages)


def _needs_rendering(pdf: pikepdf.Pdf) -> bool:
    """A dynamic XFA form: its one page only says "please wait", the content is the form's XML."""
    return bool(pdf.Root.get("/NeedsRendering", False))


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    return any("/ByteRange" in found for found in _containers(pdf) if "/Contents" in found)


def _remove_active(pdf: pikepdf.Pdf) -> bool:
    """Take out everything that starts, plays or carries something. True when there was any."""
    was_active = False
    for found in _containers(pdf):
        _require_sane_image(found)
        for key in list(found.keys()):
            if key in ACTIVE_KEYS or _is_active(found.get(key)):
                del found[key]
                was_active = True
        was_active |= _remove_active_annotations(found)
    return was_active


def _remove_active_annotations(found: Any) -> bool:
    annotations = found.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return False
    kept = [each for each in annotations if not _is_active(each)]
    if len(kept) == len(annotations):
        return False
    found["/Annots"] = pikepdf.Array(kept)
    return True


def _is_active(value: Any) -> bool:
    """An action or annotation that does more than move within the file or open a page."""
    if isinstance(value, pikepdf.Array):
        # `/Next` of an action may be a list of actions.
        return any(_is_action(each) for each in value)
    if not isinstance(value, pikepdf.Dictionary):
        return False
    return _is_action(value) or str(value.get("/Subtype", "")) in ACTIVE_ANNOTATIONS


def _is_action(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/S", "")) in ACTION_TYPES


def _require_sane_image(found: Any) -> None:
    if found.get("/Subtype") != pikepdf.Name.Image:
        return
    try:
        pixels = int(found.get("/Width", 0)) * int(found.get("/Height", 0))
    except (TypeError, ValueError):
        raise Refusal("broken") from None
    if pixels > MAX_IMAGE_PIXELS:
        raise Refusal("too_many_pixels", pixels=pixels // 1_000_000)


def _require_inactive(made: Path) -> None:
    """Look again at what was saved: what is still there could not be removed."""
    with pikepdf.open(made) as pdf:
        if pdf.is_encrypted or _remove_active(pdf):
            raise Refusal("active_content")


def _containers(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file, also those written within others."""
    yield from _within(pdf.trailer, 0)
    for found in pdf.objects:
        yield from _within(found, 0)


def _within(value: Any, depth: int) -> Iterator[Any]:
    """Containers written directly within this one; what is only referred to comes by itself."""
    if depth > _MAX_DEPTH:
        raise Refusal("too_complex")
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        yield value
        for key in list(value.keys()):
            child = value.get(key)
            if isinstance(child, pikepdf.Object) and not child.is_indirect:
                yield from _within(child, depth + 1)
    elif isinstance(value, pikepdf.Array):
        children: Iterable[object] = value  # numbers and names come as Python's own
        for item in children:
            if isinstance(item, pikepdf.Object) and not item.is_indirect:
                yield from _within(item, depth + 1)
