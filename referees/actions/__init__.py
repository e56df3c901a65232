"""The verbs around a letter: ask, remind, open, write, send, decline, replace."""

from referees.actions.asking import (
    ask_referee,
    expire_request,
    remind_referee,
    remind_when_due,
    send_new_links,
    tell_silence_when_due,
)
from referees.actions.writing import (
    decline_request,
    keep_letter_pdf,
    open_request,
    save_draft,
    send_letter,
)

__all__ = [
    "ask_referee",
    "decline_request",
    "expire_request",
    "keep_letter_pdf",
    "open_request",
    "remind_referee",
    "remind_when_due",
    "save_draft",
    "send_letter",
    "send_new_links",
    "tell_silence_when_due",
]
