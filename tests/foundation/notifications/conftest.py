from collections.abc import Iterator
from typing import Any

import pytest

from foundation.notifications import nudge
from tests.foundation.notifications import note
from tests.foundation.notifications.mail_server import MailServer


@pytest.fixture(autouse=True)
def _kinds(settings: Any) -> Iterator[None]:
    note.install(settings)
    yield
    note.remove()


@pytest.fixture(autouse=True)
def _broker_is_well() -> Iterator[None]:
    nudge.forget_silence()
    yield
    nudge.forget_silence()


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A real mail server, that Django's own backend talks to."""
    server = MailServer()
    server.start()
    server.take_over(settings)
    settings.EMAIL_TIMEOUT = 1
    yield server
    server.stop()
