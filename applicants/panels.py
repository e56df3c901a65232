"""Panels of the applicant's overview that higher rooms fill: letters, the decision, the offer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applicants.models import Application


@dataclass(frozen=True)
class Panel:
    """`context` returns what `template` needs, or None when there is nothing to show.

    A panel stands above the task list when `order` is below 100, under it otherwise.
    """

    code: str
    order: int
    template: str
    context: Callable[[Application, datetime], dict[str, Any] | None]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Called from `AppConfig.ready`."""
    if _panels.get(panel.code, panel) is not panel:
        raise ValueError(f"two panels are called {panel.code}")
    _panels[panel.code] = panel


def all_panels() -> Iterable[Panel]:
    return sorted(_panels.values(), key=lambda panel: panel.order)
