"""The only way to a file's bytes. Who may read is checked by the view that calls."""

from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from foundation.documents import actions, names
from foundation.documents.models import DocumentVersion, VersionState
from foundation.documents.pictures import page_image
from foundation.doors import Actor, Refused

_NOT_CLEAN = {
    VersionState.QUARANTINED: _("This file is still being checked. Try again in a minute."),
    VersionState.INFECTED: _("A virus was found in this file, so it can’t be opened."),
    VersionState.UNREADABLE: _("This file couldn’t be checked, so it can’t be opened."),
}


def serve(version: DocumentVersion, *, reader: Actor, reason: str) -> FileResponse:
    """Hand out a file as an attachment, and log that it was read.

    The caller has checked its own rules. `reason` is a short code, such as "review". Raises Refused
    unless the version is clean. Always streamed through the portal: a signed link to the storage
    would be a URL that works for whoever has it.
    """
    _require_clean(version)
    try:
        stream = cast("BinaryIO", default_storage.open(version.storage_name))
    except FileNotFoundError:
        raise Refused("missing", _("This file can’t be found. Please tell us.")) from None
    try:
        actions.record_reading(version, actor=reader, reason=reason)
    except BaseException:
        stream.close()
        raise
    response = FileResponse(stream, content_type=version.content_type)
    # FileResponse would name the file itself, from the storage's name.
    name = names.clean_name(version.original_name)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Length"] = str(version.size)
    _make_private(response)
    return response


def serve_page(
    version: DocumentVersion, page: int, *, width: int, reader: Actor, reason: str
) -> HttpResponse:
    """Hand out one page as an image that we made ourselves, shown in the page it is asked from."""
    _require_clean(version)
    picture = page_image(version, page, width)
    actions.record_reading(version, actor=reader, reason=reason, repeat=False)
    response = HttpResponse(picture, content_type="image/png")
    response["Content-Disposition"] = "inline"
    _make_private(response)
    return response


def _require_clean(version: DocumentVersion) -> None:
    if not version.is_clean:
        raise Refused(f"file_{version.state}", _NOT_CLEAN[VersionState(version.state)])


def _make_private(response: HttpResponseBase) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
