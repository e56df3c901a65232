"""A storage of each test's own, and a small clamd."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from tests.foundation.documents.corpus import EICAR


@pytest.fixture(autouse=True)
def storage_folder(tmp_path, settings) -> Path:
    """The real settings of a file storage, in a folder of this test."""
    from config import environment

    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": environment.storage(folder.as_uri()),
    }
    settings.CLAMD_SOCKET = "off"
    assert Path(default_storage.path("x")).parent == folder
    return folder


class FakeClamd(socketserver.ThreadingTCPServer):
    """Speaks INSTREAM: finds EICAR's text, hangs up over `limit`, or misbehaves as told."""

    allow_reuse_address = True
    daemon_threads = True
    limit = 25_000_000
    misbehaviour = ""
    scans = 0

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: FakeClamd

    def handle(self) -> None:
        self.server.scans += 1
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        if self.server.misbehaviour == "hang up":
            return
        if self.server.misbehaviour == "nonsense":
            self.wfile.write(b"stream: perhaps\0")
            return
        found = b"Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


@pytest.fixture
def fake_clamd(settings) -> Iterator[FakeClamd]:
    with FakeClamd(("127.0.0.1", 0), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.CLAMD_SOCKET = server.address
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
