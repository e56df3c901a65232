"""An upload becomes a stored file: inspected, made harmless, kept under a generated name.

Called by views, outside any transaction, because inspecting takes up to 20 seconds. What comes back
is attached inside a door. A file that is never attached is removed after a day.
"""

import hashlib
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from foundation.documents import inspection, names
from foundation.documents.purposes import Purpose
from foundation.documents.refusals import Unacceptable, refuse

__all__ = ["KEPT_SECONDS", "Received", "Unacceptable", "keep", "kept", "receive"]

#: How long a received file waits to be attached; well under the day after which it is removed.
KEPT_SECONDS = 12 * 60 * 60


@dataclass(frozen=True)
class Received:
    """A stored file that no row names yet."""

    storage_name: str
    original_name: str
    content_type: str
    size: int
    pages: int
    has_text: bool
    sha256: str


def receive(upload: "UploadedFile[Any]", *, purpose: Purpose) -> Received:
    """Check and store an upload. Raises Unacceptable, whose sentence belongs beside the field.

    PDF, JPEG and PNG are known by their content, and the name's ending has to agree. Photos become
    a one-page PDF without their EXIF; a PDF loses its active content and owner's password.
    """
    size = upload.size or 0
    if size == 0:
        raise refuse("empty")
    if size > settings.MAX_UPLOAD_BYTES:
        raise refuse("too_large", limit=settings.MAX_UPLOAD_BYTES // (1024 * 1024))
    with tempfile.TemporaryDirectory(prefix="portal-upload-") as folder:
        _write(upload, Path(folder) / inspection.GIVEN)
        found = inspection.check(Path(folder), given_name=upload.name or "", limits=purpose.limits)
        made = Path(folder) / inspection.MADE
        with made.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            storage_name = default_storage.save(names.new_storage_name(), File(stream))
        return Received(
            storage_name=storage_name,
            original_name=names.clean_name(upload.name or ""),
            content_type=found.content_type,
            size=made.stat().st_size,
            pages=found.pages,
            has_text=found.has_text,
            sha256=sha256,
        )


def _write(upload: "UploadedFile[Any]", path: Path) -> None:
    """Copy the upload, and stop at the limit whatever size it claimed."""
    written = 0
    with path.open("wb") as out:
        for chunk in upload.chunks():
            written += len(chunk)
            if written > settings.MAX_UPLOAD_BYTES:
                raise refuse("too_large", limit=settings.MAX_UPLOAD_BYTES // (1024 * 1024))
            out.write(chunk)


def keep(received: Received, *, holder: str) -> str:
    """A signed note of a received file, for a page that comes back with errors elsewhere.

    `holder` ties it to one place, such as "letter:<request id>": nobody can use another's note.
    """
    return signing.dumps(asdict(received), salt=f"documents.kept:{holder}", compress=True)


def kept(note: str, *, holder: str) -> Received | None:
    """The received file of a note, or None when the note is wrong, too old or somebody else's."""
    try:
        facts = signing.loads(note, salt=f"documents.kept:{holder}", max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    received = Received(**facts)
    return received if default_storage.exists(received.storage_name) else None
