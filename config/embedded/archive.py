"""Backup and restore of the embedded default: one file with the database and the documents.

The file is as secret as the portal itself. It also holds the secret key, without which second
factors could not be read again elsewhere.
"""

import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from config.embedded.files import PRIVATE, make_folder, try_lock
from config.embedded.memory import remember, remembered
from config.embedded.postgres import Postgres

DUMP = "database.dump"
ABOUT = "about.json"
DOCUMENTS = "documents"
FORMAT = 1


def back_up(var_dir: Path) -> Path:
    """Write a backup, whether the portal runs or not. Returns the file.

    The database first: a document stored meanwhile is then a file too many, never a file missing.
    """
    folder = var_dir / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"portal-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    partial = target.with_suffix(".partial")
    about = {"format": FORMAT, "secret_key": remembered(var_dir).secret_key}
    with _postgres_running(var_dir) as postgres, tempfile.TemporaryFile() as dump:
        postgres.dump(dump)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            _add(tar, ABOUT, io.BytesIO(json.dumps(about).encode()))
            _add(tar, DUMP, dump)
            if (var_dir / DOCUMENTS).exists():
                tar.add(var_dir / DOCUMENTS, arcname=DOCUMENTS)
    partial.replace(target)
    return target


def restore(var_dir: Path, file: Path) -> None:
    """Replace database and documents by a backup's. Refused while the portal runs.

    The documents that were there are kept beside the new ones, under a name with the time.
    """
    if not file.is_file():
        raise RuntimeError(f"There is no file {file}.")
    make_folder(var_dir)
    held = try_lock(var_dir / "run.lock")
    if held is None:
        raise RuntimeError("The portal is running: stop it first (Ctrl-C), then restore.")
    try:
        with tarfile.open(file) as tar, tempfile.TemporaryDirectory(dir=var_dir) as unpacked:
            about, dump = _read_about(tar, file), tar.extractfile(DUMP)
            _unpack_documents(tar, Path(unpacked))
            with _postgres_running(var_dir) as postgres, tempfile.TemporaryFile() as copy:
                if dump is not None:
                    shutil.copyfileobj(dump, copy)
                copy.seek(0)
                postgres.load(copy)
            _swap_documents(var_dir, Path(unpacked))
    except (tarfile.TarError, KeyError) as error:
        raise RuntimeError(f"{file} is not a backup of the portal: {error}") from error
    finally:
        os.close(held)
    remember(var_dir, secret_key=about["secret_key"])
    print("Restored. `make run` brings the database up to date and starts the portal.")


@contextmanager
def _postgres_running(var_dir: Path) -> Iterator[Postgres]:
    """Use the server that runs, else start one and stop it again."""
    postgres = Postgres(var_dir)
    child = postgres.ensure(with_parent=True)
    try:
        yield postgres
    finally:
        if child:
            postgres.stop()
            child.wait()


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = content.seek(0, os.SEEK_END)
    entry.mode = PRIVATE
    content.seek(0)
    tar.addfile(entry, content)


def _read_about(tar: tarfile.TarFile, file: Path) -> dict[str, str]:
    found = tar.extractfile(ABOUT)
    about = json.load(found) if found else {}
    if about.get("format") != FORMAT:
        raise RuntimeError(f"{file} was made by another version of the portal.")
    return about


def _unpack_documents(tar: tarfile.TarFile, target: Path) -> None:
    """Regular files below `documents/` and nothing else: a tar can hold links and climbing paths."""
    for entry in tar:
        path = PurePosixPath(entry.name)
        if not entry.isreg() or path.parts[0] != DOCUMENTS or ".." in path.parts:
            continue
        content = tar.extractfile(entry)
        if content is None:
            continue
        place = target.joinpath(*path.parts)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with place.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        place.chmod(PRIVATE)


def _swap_documents(var_dir: Path, unpacked: Path) -> None:
    current = var_dir / DOCUMENTS
    if current.exists():
        current.rename(var_dir / f"{DOCUMENTS}-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    found = unpacked / DOCUMENTS
    if found.exists():
        found.rename(current)
