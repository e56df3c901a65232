"""Where a person goes after signing in. Higher rooms say so; this one knows none of them.

    landing.register(Landing("office", order=10, url_for=office_of))

The first, by order, whose `url_for` gives an address wins.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from foundation.accounts.models import Person


@dataclass(frozen=True)
class Landing:
    """`url_for(person)` gives an address, or nothing when this place isn't for that person."""

    name: str
    order: int
    url_for: Callable[[Person], str | None]


_landings: dict[str, Landing] = {}


def register(*landings: Landing) -> None:
    """Called from `AppConfig.ready`. A second landing of the same name is a mistake."""
    for landing in landings:
        if _landings.get(landing.name, landing) != landing:
            raise ValueError(f"two landings are called {landing.name}")
        _landings[landing.name] = landing


def landing_for(person: Person) -> str:
    for landing in sorted(_landings.values(), key=lambda landing: landing.order):
        if url := landing.url_for(person):
            return url
    return reverse("accounts:account")
