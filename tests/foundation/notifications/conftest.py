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
    nudge._quiet_until = 0.0
    yield
    nudge._quiet_until = 0.0


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A real mail server, that Django's own backend talks to."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_TIMEOUT = 1
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield server
    server.stop()
