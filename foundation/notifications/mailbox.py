"""The mailbox of the embedded default: mail is kept as files for its page, and goes nowhere."""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

#: Mails beyond this many are removed, oldest first.
KEPT = 500
NAME = re.compile(r"\d{20}-[0-9a-f]{32}")
#: Set by `accounts` when it is ready: the demonstration's staff and their codes, address → code.
sign_in_codes: Callable[[], Mapping[str, str]] = dict


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail as one file, named so that names sort by time."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _keep(folder, message.message().as_bytes())
        _clear_old(folder)
        return len(email_messages)


@dataclass(frozen=True)
class KeptMail:
    name: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


def newest(recipient: str = "") -> Iterator[KeptMail]:
    """What is in the mailbox, newest first; for one recipient when given."""
    wanted = recipient.strip().lower()
    for name in reversed(_names(Path(settings.MAILBOX_DIR))):
        mail = find(name)
        if mail is not None and wanted in mail.to.lower():
            yield mail


def find(name: str) -> KeptMail | None:
    """One mail by the name of its file; None when it was cleared, or is no such name."""
    if not NAME.fullmatch(name):
        return None
    try:
        return _read(Path(settings.MAILBOX_DIR) / f"{name}.eml")
    except FileNotFoundError:
        return None


@lru_cache(maxsize=KEPT)
def _read(path: Path) -> KeptMail:
    """A kept file never changes, so it is parsed once."""
    parsed = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    return KeptMail(
        name=path.stem,
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        at=datetime.fromtimestamp(int(path.stem[:20]) / 1_000_000_000, UTC),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(parsed: ParsedMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.eml") if NAME.fullmatch(path.stem))


def _keep(folder: Path, content: bytes) -> None:
    """Written under another name first: a reader never sees half a mail."""
    name = f"{time.time_ns():020d}-{uuid4().hex}"
    half = folder / f"{name}.part"
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    half.rename(folder / f"{name}.eml")


def _clear_old(folder: Path) -> None:
    for name in _names(folder)[:-KEPT]:
        (folder / f"{name}.eml").unlink(missing_ok=True)
