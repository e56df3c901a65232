"""The sections of an application: what each is called, where its page is, and what it still lacks.

Every room registers the sections whose pages it owns. A section's problems decide everything: its
status in the task list, and whether the application can be submitted.
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applicants.models import Application


@dataclass(frozen=True)
class Problem:
    """One thing that is missing or wrong. A hard one stops submission, a soft one only warns."""

    code: str
    sentence: Any
    section: str
    hard: bool = True


class SectionStatus(enum.Enum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"

    @property
    def label(self) -> str:
        return str(_STATUS_LABELS[self])


_STATUS_LABELS = {
    SectionStatus.NOT_STARTED: _("Not started"),
    SectionStatus.IN_PROGRESS: _("In progress"),
    SectionStatus.COMPLETED: _("Completed"),
}


class Group(enum.IntEnum):
    """The headings of the task list, in their order."""

    YOU = 1
    BACKGROUND = 2
    REFEREES = 3
    FEE = 4

    @property
    def label(self) -> str:
        return str(_GROUP_LABELS[self])


_GROUP_LABELS = {
    Group.YOU: _("Your details"),
    Group.BACKGROUND: _("Your background"),
    Group.REFEREES: _("Referees"),
    Group.FEE: _("Application fee"),
}


def _no_hint(application: Application) -> str:
    return ""


@dataclass(frozen=True)
class Section:
    """`problems` must not query what `queries.with_sections` has loaded already.

    `is_started` tells "not started" from "in progress"; `hint` is the second line of its task;
    `answers` gives (question, answer) pairs for the check page.
    """

    code: str
    title: Any
    group: Group
    order: int
    url_name: str
    problems: Callable[[Application], list[Problem]]
    is_started: Callable[[Application], bool]
    answers: Callable[[Application], list[tuple[Any, Any]]]
    hint: Callable[[Application], Any] = _no_hint

    def url(self, application: Application) -> str:
        return reverse(self.url_name, args=[application.reference])

    def status(self, application: Application) -> SectionStatus:
        if not self.is_started(application):
            return SectionStatus.NOT_STARTED
        if any(problem.hard for problem in self.problems(application)):
            return SectionStatus.IN_PROGRESS
        return SectionStatus.COMPLETED


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """Called from `AppConfig.ready`."""
    for section in sections:
        if section.code in _sections and _sections[section.code] is not section:
            raise ValueError(f"two sections are called {section.code}")
        _sections[section.code] = section


def get(code: str) -> Section:
    return _sections[code]


def find(code: str) -> Section | None:
    """The section, or none when the room that owns it isn't installed."""
    return _sections.get(code)


def all_sections() -> Iterable[Section]:
    return sorted(_sections.values(), key=lambda section: (section.group, section.order))


def problems(application: Application) -> list[Problem]:
    """Everything that is missing or wrong, each thing once, in the order of the task list."""
    return [problem for section in all_sections() for problem in section.problems(application)]
