"""Pages as images that we made ourselves, for reading a file without opening it.

Made by the inspector's subprocess, then kept in the storage beside the file.
"""

import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from foundation.documents import actions, inspection, names
from foundation.documents.models import DocumentVersion
from foundation.doors import Actor, Refused

#: The widths in pixels that exist; others are rounded up, so that nobody fills the storage.
WIDTHS = (400, 800, 1200, 1600)
MAX_CRASHES = 3
_PNG = b"\x89PNG\r\n\x1a\n"


def page_image(version: DocumentVersion, page_number: int, width: int) -> bytes:
    """One page as a PNG; pages count from 1. Raises Refused when there is none."""
    if not 1 <= page_number <= version.pages:
        raise Refused("no_such_page", _("This file doesn’t have that page."))
    width = next((known for known in WIDTHS if known >= width), WIDTHS[-1])
    name = names.picture_name(version.id, page_number, width)
    try:
        with default_storage.open(name) as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        pass
    picture = _draw(version, page_number, width)
    default_storage.save(name, ContentFile(picture))
    return picture


def _draw(version: DocumentVersion, page_number: int, width: int) -> bytes:
    refused = Refused(
        "no_picture",
        _("This page can’t be shown as a picture. Download the file to read it."),
    )
    if version.picture_crashes >= MAX_CRASHES:
        raise refused
    with tempfile.TemporaryDirectory(prefix="portal-picture-") as name:
        folder = Path(name)
        with (
            default_storage.open(version.storage_name) as stored,
            (folder / inspection.GIVEN).open("wb") as out,
        ):
            for chunk in File(stored).chunks():
                out.write(chunk)
        order = {"task": "picture", "page": page_number, "width": width}
        try:
            result = inspection.run(folder, order)
        except inspection.InspectorDied:
            actions.note_picture_crash(version.id, actor=Actor.timer("documents.picture"))
            raise refused from None
        made = folder / inspection.MADE
        if "refused" in result or not made.is_file():
            raise refused
        picture = made.read_bytes()
    if not picture.startswith(_PNG):
        raise refused
    return picture
