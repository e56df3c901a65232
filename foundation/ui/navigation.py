"""The menu of the staff pages. Each room registers its own items in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

#: Who sees an item. It may ask the database: it runs on staff pages alone, once for each page.
Predicate = Callable[[HttpRequest], bool]


def everybody(request: HttpRequest) -> bool:
    """Every member of staff sees this item."""
    return True


@dataclass(frozen=True)
class Item:
    """A link of the staff menu. A lower `order` comes first; the label is a lazy translation.

    `about` is one sentence for the office's first page, where each item is a card.
    """

    label: Any
    url_name: str
    predicate: Predicate = everybody
    order: int = 100
    about: Any = ""


@dataclass(frozen=True)
class Link:
    """An item as one page shows it."""

    label: str
    url: str
    is_current: bool
    about: str = ""


_ITEMS: dict[str, Item] = {}


def register(*items: Item) -> None:
    """Add items to the staff menu. Registering an address again replaces its item."""
    for item in items:
        _ITEMS[item.url_name] = item


def is_current(request: HttpRequest, url: str) -> bool:
    """Whether the page asked for is `url` or below it; the home page is only itself."""
    return request.path == url or (url != "/" and request.path.startswith(url))


def links_for(request: HttpRequest) -> list[Link]:
    """The staff menu for whoever asks, without items whose page this installation lacks.

    Of two items one below the other, only the deeper one is current.
    """
    visible: list[tuple[Item, str]] = []
    for item in sorted(_ITEMS.values(), key=lambda item: (item.order, item.url_name)):
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        if item.predicate(request):
            visible.append((item, url))
    current = max(
        (url for _item, url in visible if is_current(request, url)), key=len, default=None
    )
    return [Link(str(item.label), url, url == current, str(item.about)) for item, url in visible]
