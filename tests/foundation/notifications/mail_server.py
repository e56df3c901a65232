"""A real SMTP server in this process, that treats recipients as their names say.

`busy-…` 451 · `gone-…` 550 · `full-…` 552 after the content · `cut-…` the connection breaks after
the content, before the answer · `slow-…` no answer until the server stops · `hold-…` 250, but only
once `release` was called · all others 250.
"""

import asyncio
import threading
from collections import Counter
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from config.embedded import ports


class MailServer:
    """`received` holds every mail whose content arrived, whether or not the sender knows."""

    def __init__(self, *, cut_every: int = 0) -> None:
        self.received: list[Any] = []
        self.cuts = 0
        self._cut_every = cut_every
        self._changed = threading.Condition()
        self._slow: list[asyncio.Event] = []
        self._held: list[asyncio.Event] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=ports.find_free())

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def message_ids(self) -> Counter[str]:
        with self._changed:
            return Counter(str(mail["Message-ID"]) for mail in self.received)

    def start(self) -> None:
        self._controller.start()

    def take_over(self, settings: Any) -> None:
        """Have Django's own mail backend of this process talk to this server."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = self.port
        settings.EMAIL_TIMEOUT = 15
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""

    def stop(self) -> None:
        self._set(self._slow + self._held)
        self._controller.stop()

    def wait_for_mails(self, count: int, *, timeout: float = 30) -> None:
        """Return once this many mails have arrived, in all."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, timeout):
                raise TimeoutError(f"{len(self.received)} of {count} mails arrived")

    def wait_for_held(self, *, timeout: float = 10) -> None:
        """Return once a `hold-…` mail waits for its answer."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._held), timeout):
                raise TimeoutError("no mail is held")

    def release(self) -> None:
        """Give held mails their 250."""
        self._set(self._held)

    def _set(self, events: list[asyncio.Event]) -> None:
        for event in events:
            self._controller.loop.call_soon_threadsafe(event.set)

    # --- What aiosmtpd calls --------------------------------------------------------------------

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("busy-"):
            return "451 4.7.1 Try again later"
        if address.startswith("gone-"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("full-"):
            return "552 5.2.2 Mailbox full"
        if recipient.startswith("slow-"):
            self._slow.append(asyncio.Event())
            await self._slow[-1].wait()
            return "451 4.4.2 Too slow"
        if recipient.startswith("hold-"):
            await self._hold()
        mail: Any = message_from_bytes(envelope.content, policy=policy.default)
        if self._keep(mail, recipient):
            server.transport.abort()
        return "250 OK"

    async def _hold(self) -> None:
        event = asyncio.Event()
        with self._changed:
            self._held.append(event)
            self._changed.notify_all()
        await event.wait()

    def _keep(self, mail: Any, recipient: str) -> bool:
        """Keep a mail; True when the connection is to be cut now."""
        with self._changed:
            self.received.append(mail)
            number = len(self.received)
            cut = recipient.startswith("cut-")
            cut = cut or bool(self._cut_every and number % self._cut_every == 0)
            self.cuts += cut
            self._changed.notify_all()
        return cut
