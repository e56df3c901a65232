"""Uploaded and generated files: received, checked, scanned, kept, served.

    received = documents.receive(upload, purpose=Purpose.TRANSCRIPT)   # in the view, no transaction
    version = steps.attach(received, stream=…, kind=…, actor=…)        # inside a door
    return documents.serve(version, reader=…, reason=…)                # the only way to bytes

The names below are loaded when they are first used: the inspector's subprocess imports this package
too, and has to stay free of Django.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foundation.documents.purposes import Purpose
    from foundation.documents.receiving import (
        Received,
        Unacceptable,
        keep,
        kept,
        receive,
    )
    from foundation.documents.serving import serve, serve_page

__all__ = [
    "Purpose",
    "Received",
    "Unacceptable",
    "keep",
    "kept",
    "receive",
    "serve",
    "serve_page",
]

_HOMES = {
    "Purpose": "purposes",
    "Received": "receiving",
    "Unacceptable": "receiving",
    "keep": "receiving",
    "kept": "receiving",
    "receive": "receiving",
    "serve": "serving",
    "serve_page": "serving",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
