"""Ports on loopback."""

import secrets
import socket

#: Below the range from which systems take ports for outgoing connections.
RANGE = range(20_000, 30_000)
ATTEMPTS = 200


def is_free(port: int) -> bool:
    """True when a server could listen here now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port that was closed a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """True when something listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def find_free(*, excluding: frozenset[int] = frozenset()) -> int:
    for _attempt in range(ATTEMPTS):
        port = secrets.choice(RANGE)
        if port not in excluding and is_free(port):
            return port
    raise RuntimeError("No free port between 20000 and 29999 on 127.0.0.1.")
