"""Names of files: the one a person gave, made harmless, and the one we store it under."""

import unicodedata
import uuid
from pathlib import PurePosixPath

#: What one system or another won't have in a file's name.
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_MAX_STEM = 100


def clean_name(given: str, *, extension: str = ".pdf") -> str:
    """The given name without folders, control or direction characters, with our extension.

    Letters of any script stay: the name is the person's own.
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(" " if letter.isspace() else letter for letter in last)
    kept = "".join(letter for letter in kept if not unicodedata.category(letter).startswith("C"))
    stem = PurePosixPath(kept).stem if "." in kept.strip(". ") else kept
    stem = " ".join(stem.translate(_RESERVED).split()).strip(". ")[:_MAX_STEM].strip(". ")
    return (stem or "document") + extension


def extension_of(given: str) -> str:
    """The lower-case extension with its dot, or nothing."""
    return PurePosixPath(given.replace("\\", "/").strip()).suffix.lower()


def new_storage_name() -> str:
    name = uuid.uuid4().hex
    return f"documents/{name[:2]}/{name[2:4]}/{name}"


def picture_folder(version_id: uuid.UUID) -> str:
    name = version_id.hex
    return f"pictures/{name[:2]}/{name[2:4]}/{name}"


def picture_name(version_id: uuid.UUID, page: int, width: int) -> str:
    return f"{picture_folder(version_id)}/{page}-{width}.png"
