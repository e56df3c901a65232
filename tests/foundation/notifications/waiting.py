"""Waiting for something that another thread or process does."""

import threading
import time
from collections.abc import Callable


def until(holds: Callable[[], object], *, timeout: float = 30) -> None:
    """Return once `holds()` is true; TimeoutError when it takes too long."""
    end = time.monotonic() + timeout
    pause = threading.Event()
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not happen")
        pause.wait(0.02)
