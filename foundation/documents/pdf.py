"""PDFs that we make: tagged (PDF/UA-1), with bundled fonts, and nothing fetched from outside.

WeasyPrint is imported when it is first used: it needs 30 MB and the system's pango, and the web
processes that never make a PDF shouldn't pay for it.
"""

import ctypes
import ctypes.util
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext

#: The only files a template may use: `static:<path>`, fonts, images and our print style sheets.
_BUNDLED = re.compile(
    r"static:(?P<path>(?:[a-z0-9][a-z0-9_-]*/)+[A-Za-z0-9][A-Za-z0-9_.-]*"
    r"\.(?P<kind>woff2|svg|png|css))"
)
_TYPES = {
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
    "png": "image/png",
    "css": "text/css",
}
_LIBRARIES = ("pango-1.0", "pangoft2-1.0")
_PANGO_ADVICE = (
    "PDFs can't be made: the library pango is missing. Install it with"
    " `apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0` (Debian, Ubuntu)"
    " or `brew install pango` (macOS)."
)


class NotBundled(Exception):
    """A template asked for a file that is not one of ours."""


def render_pdf(template_name: str, context: Mapping[str, Any]) -> bytes:
    """A template, which extends `pdf/base.html`, as a PDF.

    The base template needs `title` in the context. Raises NotBundled when the template names a file
    that is not bundled: a letter with a hole in it is not sent.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    words = {
        "institution": settings.INSTITUTION,
        "language": get_language() or settings.LANGUAGE_CODE,
        **context,
    }
    if not str(words.get("title", "")).strip():
        raise ValueError("a PDF needs a title")
    page = HTML(
        string=render_to_string(template_name, words),
        base_url="",
        url_fetcher=_bundled_fetcher(),
    )
    try:
        return bytes(page.write_pdf(pdf_variant="pdf/ua-1"))
    except FatalURLFetchingError as error:
        # WeasyPrint's is a BaseException, which would pass by whoever calls us.
        raise NotBundled(str(error)) from error


def _bundled_fetcher() -> Any:
    """A fetcher that opens no connection and no file but those of `bundled_file`."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class BundledOnly(URLFetcher):
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            path, content_type = bundled_file(url)
            return URLFetcherResponse(
                url, body=path.read_bytes(), headers={"Content-Type": content_type}
            )

    return BundledOnly(allowed_protocols=[], allow_redirects=False, fail_on_errors=True)


def bundled_file(url: str) -> tuple[Path, str]:
    """The bundled file behind `static:<path>`, with its type. Raises NotBundled for any other."""
    match = _BUNDLED.fullmatch(url)
    found = finders.find(match["path"]) if match and ".." not in url else None
    if not match or not isinstance(found, str):
        raise NotBundled(f"not a bundled file: {url[:100]}")
    return Path(found), _TYPES[match["kind"]]


def pango_problem() -> str:
    """What to do when pango is missing, or nothing. Cheap: doesn't import WeasyPrint."""
    if all(_loads(library) for library in _LIBRARIES):
        return ""
    return gettext(_PANGO_ADVICE)


def _loads(library: str) -> bool:
    """True when the library can be opened under one of the names WeasyPrint tries."""
    names = [f"lib{library}.so.0", f"lib{library}.dylib", f"lib{library}-0.dll"]
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    found = ctypes.util.find_library(library)
    return found is not None
