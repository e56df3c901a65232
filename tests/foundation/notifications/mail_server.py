"""A real SMTP server in this process, that treats recipients as their names say.

`busy-…` 451 · `gone-…` 550 · `full-…` 552 after the content · `cut-…` the connection breaks after
the content, before the answer · `slow-…` no answer until the server stops · all others 250.
"""

import asyncio
import threading
from collections import Counter
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from config.embedded import ports


class MailServer:
    """`received` holds every mail whose content arrived, whether or not the sender knows."""

    def __init__(self, *, cut_every: int = 0) -> None:
        self.received: list[Any] = []
        self.cuts = 0
        self._cut_every = cut_every
        self._lock = threading.Lock()
        self._slow: list[asyncio.Event] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=ports.find_free())

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def message_ids(self) -> Counter[str]:
        with self._lock:
            return Counter(str(mail["Message-ID"]) for mail in self.received)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        for event in self._slow:
            self._controller.loop.call_soon_threadsafe(event.set)
        self._controller.stop()

    # --- What aiosmtpd calls --------------------------------------------------------------------

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("busy-"):
            return "451 4.7.1 Try again later"
        if address.startswith("gone-"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("full-"):
            return "552 5.2.2 Mailbox full"
        if recipient.startswith("slow-"):
            self._slow.append(asyncio.Event())
            await self._slow[-1].wait()
            return "451 4.4.2 Too slow"
        mail: Any = message_from_bytes(envelope.content, policy=policy.default)
        with self._lock:
            self.received.append(mail)
            cut = recipient.startswith("cut-") or (
                self._cut_every and len(self.received) % self._cut_every == 0
            )
            self.cuts += bool(cut)
        if cut:
            server.transport.abort()
        return "250 OK"
