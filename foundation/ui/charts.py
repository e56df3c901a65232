"""Charts as SVG made on the server: no library, no script, colours from the stylesheet.

Each has its numbers printed on it and a table of the same numbers right after, where the links are
(links inside an SVG are not announced well). Late bars also differ by pattern, not by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

# At 420 units wide the text stays about 13 pixels high on a phone.
WIDTH, HEIGHT = 420, 176
MARGIN, ABOVE, BELOW = 8, 22, 40
GAP = 8
FLOOR = HEIGHT - BELOW

LOOKS = {"plain": "", "on_track": "", "due_soon": "dots", "overdue": "hatch", "paused": "bars"}


@dataclass(frozen=True)
class Bar:
    """One bar. `meaning` is what its colour says in words; `url` links its row of the table."""

    label: Any
    value: int
    look: str = "plain"
    meaning: Any = ""
    url: str = ""

    def __post_init__(self) -> None:
        if self.look not in LOOKS:
            raise ValueError(f"{self.look} is not a look of a bar")


@dataclass(frozen=True)
class Line:
    """A dashed line before the bar with index `before`, such as the sixth week."""

    before: int
    label: Any


@dataclass(frozen=True)
class _Drawn:
    """A bar with its place in the picture, in whole units."""

    bar: Bar
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def number_y(self) -> int:
        return self.y - 6

    @property
    def pattern(self) -> str:
        return LOOKS[self.bar.look]


def bar_chart(
    *,
    html_id: str,
    title: Any,
    description: Any,
    bars: Sequence[Bar],
    lines: Sequence[Line] = (),
    axis: Any = "",
    label_heading: Any = None,
    value_heading: Any = None,
) -> SafeString:
    """A bar chart and its table. `html_id` is unique on the page; `description` is read out."""
    slot = (WIDTH - 2 * MARGIN) / max(len(bars), 1)
    context = {
        "html_id": html_id,
        "title": title,
        "description": description,
        "axis": axis,
        "label_heading": label_heading or _("Group"),
        "value_heading": value_heading or _("Number"),
        "bars": bars,
        "has_meanings": any(bar.meaning for bar in bars),
        "drawn": _draw(bars, slot),
        "lines": [(round(MARGIN + line.before * slot), line.label) for line in lines],
        "width": WIDTH,
        "height": HEIGHT,
        "floor": FLOOR,
        "right": WIDTH - MARGIN,
        "left": MARGIN,
        "middle": WIDTH // 2,
        "label_y": FLOOR + 17,
        "axis_y": HEIGHT - 3,
    }
    return render_to_string("components/bar_chart.html", context)


def _draw(bars: Sequence[Bar], slot: float) -> list[_Drawn]:
    tallest = max((bar.value for bar in bars), default=0) or 1
    drawn = []
    for index, bar in enumerate(bars):
        height = round((FLOOR - ABOVE) * bar.value / tallest)
        x = round(MARGIN + index * slot + GAP / 2)
        drawn.append(_Drawn(bar, x, FLOOR - height, max(round(slot - GAP), 1), height))
    return drawn
