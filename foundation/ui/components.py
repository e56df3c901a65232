"""What the components of a page are made of. Views fill these; `{% load portal %}` draws them."""

import enum
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

#: The colours that upstream's tags have, each checked for contrast.
TAG_COLOURS = frozenset({"grey", "green", "teal", "blue", "purple", "red", "orange", "yellow"})

#: Words for the lights of the review clock, by their code.
LIGHT_LABELS = {
    "on_track": _("On track"),
    "due_soon": _("Due soon"),
    "overdue": _("Overdue"),
    "paused": _("Paused"),
}


class Progress(enum.Enum):
    """How far a task is: what the task list shows at its right."""

    DONE = "done"
    TODO = "todo"
    STARTED = "started"
    WAITING = "waiting"
    PROBLEM = "problem"
    LOCKED = "locked"

    @property
    def label(self) -> str:
        return str(_PROGRESS_LABELS[self])

    @property
    def colour(self) -> str:
        """The tag's colour; none where the word stands plain, so that the open tasks catch the eye."""
        return _PROGRESS_COLOURS.get(self, "")


_PROGRESS_LABELS = {
    Progress.DONE: _("Completed"),
    Progress.TODO: _("Not started"),
    Progress.STARTED: _("In progress"),
    Progress.WAITING: _("Waiting"),
    Progress.PROBLEM: _("There is a problem"),
    Progress.LOCKED: _("Cannot start yet"),
}
_PROGRESS_COLOURS = {
    Progress.TODO: "blue",
    Progress.STARTED: "teal",
    Progress.WAITING: "orange",
    Progress.PROBLEM: "red",
}


@dataclass(frozen=True)
class Task:
    """A line of a task list. `status` replaces the usual words, as in "Waiting for referee"."""

    name: Any
    progress: Progress
    url: str = ""
    hint: Any = ""
    status: Any = ""

    @property
    def status_text(self) -> str:
        return str(self.status or self.progress.label)


@dataclass(frozen=True)
class Action:
    """A link beside a row or a card. `about` is read out after it: Change *your full name*."""

    label: Any
    url: str
    about: Any = ""


@dataclass(frozen=True)
class Row:
    """A key and its value in a summary list. An empty value is shown as "Not provided".

    Line breaks of a text are kept; markup comes only from a value that is marked safe.
    """

    key: Any
    value: Any = ""
    actions: tuple[Action, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.value is None or str(self.value).strip() == ""

    @property
    def is_markup(self) -> bool:
        return hasattr(self.value, "__html__")


@dataclass(frozen=True)
class Card:
    """A summary card: a titled group of rows, such as one referee or one qualification."""

    title: Any
    rows: tuple[Row, ...] = ()
    actions: tuple[Action, ...] = ()
    tag: Any = ""
    tag_colour: str = "blue"


@dataclass(frozen=True)
class Moment:
    """Something that happened, in a timeline. `text` is what a person typed with it."""

    at: Any
    what: Any
    who: Any = ""
    text: Any = ""


@dataclass(frozen=True)
class PageLinks:
    """Where a list goes on. Keyset pages know the next and the previous one, and no numbers."""

    previous_url: str = ""
    next_url: str = ""
    label: Any = field(default=_("Pages"))
