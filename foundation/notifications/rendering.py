"""From a kind and its context to a subject, a text and the text's HTML twin.

One template makes both. Its first line is `Subject: …`; a line that holds only an address of this
portal becomes a button, lines that begin with `- ` a list. Nothing in it is HTML, so the twin
escapes everything, and a name with `<b>` in it stays a name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from foundation.notifications import links
from foundation.notifications.kinds import MessageKind, Paragraphs

URL = re.compile(r"https?://[^\s<>\"]+")
#: What ends a line or a header, in ASCII and beyond.
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
CONTROLS_BUT_NEWLINE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
#: Marks that turn the direction of what follows, by which a name could hide what it says.
DIRECTION_MARKS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
PLAIN = (bool, int, Decimal, date, time, timedelta, type(None))


class CannotRender(Exception):
    """The template or its context is wrong: sending again can't help."""


@dataclass(frozen=True)
class Rendered:
    subject: str
    body: str
    text: str
    html: str


def render(kind: MessageKind, context: Mapping[str, Any]) -> Rendered:
    """Make the words. `body` is the text without the institution's footer.

    Raises CannotRender for a template without a subject or a context with more than plain values.
    """
    with translation.override(settings.LANGUAGE_CODE):
        frame = {"institution": settings.INSTITUTION, "public_url": settings.PUBLIC_URL}
        values = {name: _plain(name, value) for name, value in context.items()}
        subject, body = _split(_text(kind.template_name, {**frame, **values}))
        footer = _text("notifications/footer.txt", frame).strip()
        html = render_to_string(
            "notifications/email.html", {**frame, "subject": subject, "blocks": blocks(body)}
        )
    return Rendered(subject, body, f"{body}\n\n-- \n{footer}\n", html)


def without_links(text: str) -> str:
    """The copy that is kept: an address can hold a token."""
    return URL.sub("[link]", text)


def blocks(body: str) -> list[dict[str, Any]]:
    """The text's paragraphs, lists and buttons, for the HTML twin."""
    found: list[dict[str, Any]] = []
    for line in body.split("\n"):
        last = found[-1]["is"] if found else ""
        if not line:
            found.append({"is": "gap"})
        elif links.is_own(line) and URL.fullmatch(line):
            found.append({"is": "button", "url": line})
        elif line.startswith("- "):
            if last != "list":
                found.append({"is": "list", "lines": []})
            found[-1]["lines"].append(pieces(line[2:]))
        else:
            if last != "paragraph":
                found.append({"is": "paragraph", "lines": []})
            found[-1]["lines"].append(pieces(line))
    return [block for block in found if block["is"] != "gap"]


def pieces(line: str) -> list[dict[str, str]]:
    """A line cut at the portal's own addresses. Others stay words: nobody else's link is made."""
    pieces: list[dict[str, str]] = []
    position = 0
    for match in URL.finditer(line):
        url = match.group().rstrip(".,;:!?)")
        if not links.is_own(url):
            continue
        pieces.append({"text": line[position : match.start()]})
        pieces.append({"url": url})
        position = match.start() + len(url)
    pieces.append({"text": line[position:]})
    return [piece for piece in pieces if piece.get("text") != ""]


def _text(template_name: str, context: Mapping[str, Any]) -> str:
    source = Engine.get_default().get_template(template_name)
    return str(source.render(Context(dict(context), autoescape=False)))


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    if not first.startswith("Subject:"):
        raise CannotRender("the template's first line is not its subject")
    subject = " ".join(LINE_BREAKS.sub(" ", first.removeprefix("Subject:")).split())
    if not subject:
        raise CannotRender("the subject is empty")
    lines = "\n".join(line.strip() for line in rest.strip().split("\n"))
    return subject, re.sub(r"\n{3,}", "\n\n", lines)


def _plain(name: str, value: Any) -> Any:
    """A context's value as it may stand in a message. A text becomes one line."""
    if isinstance(value, Paragraphs):
        return _without_controls(value)
    if isinstance(value, (str, Promise)):
        return " ".join(DIRECTION_MARKS.sub("", LINE_BREAKS.sub(" ", str(value))).split())
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(name, inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(name, inner) for inner in value]
    raise CannotRender(f"{name} is a {type(value).__name__}; a message takes plain values only")


def _without_controls(value: str) -> str:
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS_BUT_NEWLINE.sub(" ", DIRECTION_MARKS.sub("", lines)).strip()
