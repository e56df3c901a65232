"""Handing one mail to the mail server, and reading its answer."""

import smtplib
from email.utils import formataddr, parseaddr
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from foundation.notifications.models import OutgoingMessage
from foundation.notifications.rendering import Rendered

logger = structlog.get_logger("portal.notifications")
REFUSED_FOR_GOOD = 500


class TryLater(Exception):
    """Nothing is known to be wrong with the address: busy, unreachable, too slow, misconfigured."""


class RecipientRefused(Exception):
    """The recipient's server will not take it, now or later."""


def message_id(message: OutgoingMessage) -> str:
    """The same for every attempt, so that a mail that came twice can be told."""
    return f"<{message.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def compose(message: OutgoingMessage, rendered: Rendered) -> EmailMultiAlternatives:
    """The mail as it will leave. Building it here finds a wrong header before anything is sent."""
    institution = settings.INSTITUTION
    composed = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=formataddr((institution["name"], parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[message.recipient],
        reply_to=[institution["contact_email"]],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    composed.attach_alternative(rendered.html, "text/html")
    composed.message()
    return composed


class Line:
    """A connection to the mail server: opened at first use, closed when the block ends.

    It is used around a transaction, so that the goodbye, which can hang, comes after the commit.
    """

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._connection is None:
            return
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError) as failure:
            logger.info("mail server hung up badly", error=type(failure).__name__)

    def send(self, composed: EmailMultiAlternatives) -> str:
        """Send, and return the provider's id for it where there is one.

        Raises TryLater or RecipientRefused. Whatever else a backend raises is TryLater too: a
        message must not be lost because a library failed in a way nobody foresaw.
        """
        try:
            self._connection = get_connection()
            self._connection.open()
            self._connection.send_messages([composed])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise _verdict(code, answer) from error
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            # About the sender or our own sign-in there: no fault of the recipient.
            raise TryLater(_said(error.smtp_code, error.smtp_error)) from error
        except Exception as error:
            raise TryLater(f"{type(error).__name__}: {error}") from error
        status = getattr(composed, "anymail_status", None)
        return str(getattr(status, "message_id", None) or "")


def _verdict(code: int, answer: bytes | str) -> TryLater | RecipientRefused:
    kind = RecipientRefused if code >= REFUSED_FOR_GOOD else TryLater
    return kind(_said(code, answer))


def _said(code: int, answer: bytes | str) -> str:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {words}"
