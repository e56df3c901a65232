"""A client of clamd's INSTREAM command. Whatever isn't a clear answer is `ClamdUnavailable`.

Protocol: https://docs.clamav.net/manual/Usage/Scanning.html#clamd
"""

import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

_CHUNK = 64 * 1024
#: For connecting, and for each read or write. A scan of 10 MB takes well under a second.
_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 60
_MAX_ANSWER = 4096


class ClamdUnavailable(Exception):
    """No verdict: clamd is away, refuses, or broke off. The file stays in quarantine."""


def scan(stream: BinaryIO, *, address: str) -> str:
    """The name of the malware found in a stream, or nothing when it is clean.

    `address` is `tcp://host:port` or `unix:///path`.
    """
    try:
        with _connect(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            while chunk := stream.read(_CHUNK):
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = _read_answer(connection)
    except OSError as error:
        # Over its StreamMaxLength clamd hangs up in the middle, which arrives here too.
        raise ClamdUnavailable(type(error).__name__) from error
    return _finding(answer)


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_CONNECT_SECONDS)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
    elif parts.scheme == "tcp" and parts.hostname:
        connection = socket.create_connection(
            (parts.hostname, parts.port or 3310), timeout=_CONNECT_SECONDS
        )
    else:
        raise ClamdUnavailable("CLAMD_SOCKET must begin with tcp:// or unix://")
    connection.settimeout(_ANSWER_SECONDS)
    return connection


def _read_answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _MAX_ANSWER:
        part = connection.recv(_MAX_ANSWER)
        if not part:
            break
        answer += part
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()


def _finding(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:200] or "unnamed"
    raise ClamdUnavailable(f"answered {answer[:80]!r}")
