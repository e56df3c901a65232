"""`make backup` and `make restore`."""

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.embedded import archive, values
from config.embedded.files import try_lock
from config.embedded.memory import remembered
from config.embedded.postgres import Postgres


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Path]:
    """A small portal's folder: a table, a document."""
    var_dir = tmp_path / "var"
    postgres = Postgres(var_dir, durable=False)
    postgres.ensure()
    _run(var_dir, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
    _run(var_dir, "GRANT SELECT ON kept TO portal_app")
    document = var_dir / "documents" / "ab" / "letter.pdf"
    document.parent.mkdir(parents=True)
    document.write_bytes(b"a letter")
    yield var_dir
    postgres.stop()


def _run(var_dir: Path, statement: str, role: str = "DATABASE_OWNER_URL") -> list[tuple[object]]:
    connection = psycopg2.connect(values(var_dir)[role])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_a_backup_is_private_and_holds_database_and_documents(portal: Path) -> None:
    file = archive.back_up(portal)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert {"about.json", "database.dump", "documents/ab/letter.pdf"} <= set(names)


def test_a_restore_brings_back_rows_rights_and_files(portal: Path) -> None:
    file = archive.back_up(portal)
    _run(portal, "UPDATE kept SET n = 2")
    (portal / "documents" / "ab" / "letter.pdf").unlink()
    archive.restore(portal, file)
    assert _run(portal, "SELECT n FROM kept", role="DATABASE_URL") == [(1,)]
    assert (portal / "documents" / "ab" / "letter.pdf").read_bytes() == b"a letter"


def test_another_portal_takes_over_the_secret_key(portal: Path, tmp_path: Path) -> None:
    """Without it, second factors could not be read again."""
    file = archive.back_up(portal)
    other = tmp_path / "other"
    postgres = Postgres(other, durable=False)
    try:
        archive.restore(other, file)
        assert postgres.postmaster() is None
        assert remembered(other).secret_key == remembered(portal).secret_key
        assert remembered(other).app_password != remembered(portal).app_password
        postgres.ensure()
        assert _run(other, "SELECT n FROM kept", role="DATABASE_URL") == [(1,)]
    finally:
        postgres.stop()


def test_a_restore_is_refused_while_the_portal_runs(portal: Path) -> None:
    file = archive.back_up(portal)
    held = try_lock(portal / "run.lock")
    assert held is not None
    with pytest.raises(RuntimeError, match="stop it first"):
        archive.restore(portal, file)
    os.close(held)


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 10240])
def test_a_file_that_is_no_backup_changes_nothing(portal: Path, content: bytes) -> None:
    wrong = portal / "wrong.tar"
    wrong.write_bytes(content)
    with pytest.raises(RuntimeError, match="not a backup"):
        archive.restore(portal, wrong)
    assert _run(portal, "SELECT n FROM kept") == [(1,)]
    assert (portal / "documents" / "ab" / "letter.pdf").exists()


def test_a_broken_dump_changes_nothing(portal: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar"
    with tarfile.open(archive.back_up(portal)) as good, tarfile.open(broken, "w") as tar:
        for name in ("about.json", "database.dump"):
            entry = good.getmember(name)
            content = good.extractfile(entry)
            assert content is not None
            if name == "database.dump":
                entry.size //= 2
            tar.addfile(entry, content)
    with pytest.raises(RuntimeError, match="pg_restore failed"):
        archive.restore(portal, broken)
    assert _run(portal, "SELECT n FROM kept") == [(1,)]
    assert (portal / "documents" / "ab" / "letter.pdf").exists()


def test_links_and_climbing_paths_in_a_backup_are_left_out(portal: Path, tmp_path: Path) -> None:
    file = archive.back_up(portal)
    with tarfile.open(file, "a") as tar:
        link = tarfile.TarInfo("documents/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        tar.addfile(tarfile.TarInfo("documents/../../climbed"))
    archive.restore(portal, file)
    assert not (portal / "documents" / "link").exists()
    assert not (tmp_path / "climbed").exists()
