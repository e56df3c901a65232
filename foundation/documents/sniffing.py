"""Which type a file is, by its first bytes, and whether that is what it says and what we take."""

from foundation.documents.errors import Refusal

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"

HEAD_BYTES = 4096

EXTENSIONS = {
    ".pdf": PDF,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".jfif": JPEG,
    ".png": PNG,
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heif")


def content_type(head: bytes) -> str:
    """The content type. Raises Refusal for anything but PDF, JPEG and PNG, naming what it is."""
    # White space or a byte order mark before the header is common and harmless, anything else isn't.
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\n\f\r ").startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04"):
        is_word = b"word/" in head or b"[Content_Types].xml" in head or b"opendocument" in head
        raise Refusal("word_document" if is_word else "archive")
    if head.startswith((_OLE, b"{\\rtf")):
        raise Refusal("word_document")
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise Refusal("phone_photo")
    raise Refusal("wrong_type")


def require(found: str, *, extension: str, types: list[str]) -> None:
    """Raises Refusal when the name's extension says otherwise, or the type isn't wanted here.

    A wrong extension is refused rather than mended: it is what a disguised file looks like, and a
    person who chose the wrong file should know.
    """
    if EXTENSIONS.get(extension) != found:
        shown = extension if extension.isascii() and extension[1:].isalnum() else ""
        if not shown:
            raise Refusal("no_extension", content_type=found)
        raise Refusal("name_disagrees", extension=shown[:10], content_type=found)
    if found not in types:
        raise Refusal("pdf_only")
