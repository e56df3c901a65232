"""docs/workflow.svg: the states of an application and the transitions between them.

Each state has its place on a grid below; a new state without one is a KeyError, which a test shows.
Transitions from many states to one would cross everything: notes under the picture say them.
"""

from dataclasses import dataclass
from html import escape

from applicants.states import ApplicationState
from applicants.workflow import BY_NAME, TRANSITIONS

S = ApplicationState
COLUMN, ROW = 262, 150
WIDTH, HEIGHT = 166, 46
MARGIN_X, MARGIN_Y = 30, 30
NOTE = 26

#: Column and row of each state: the ordinary way runs along the middle row.
PLACES: dict[ApplicationState, tuple[float, float]] = {
    S.DRAFT: (0, 1),
    S.SUBMITTED: (1, 1),
    S.IN_REVIEW: (2, 1),
    S.DECIDED: (3, 1),
    S.OFFERED: (4, 1),
    S.ACCEPTED: (5, 1),
    S.ADMITTED: (6, 1),
    S.EXPIRED: (0, 2),
    S.INCOMPLETE: (1, 2),
    S.WITHDRAWN: (1, 0),
    S.INFORMATION_REQUESTED: (2, 2),
    S.WAITLISTED: (3, 2),
    S.REJECTED: (3, 0),
    S.LAPSED: (4, 2),
    S.DECLINED: (4, 0),
    S.OFFER_WITHDRAWN: (6, 0),
    S.DEFERRED: (6, 2),
}
#: Transitions from so many states that lines would hide the rest.
IN_WORDS = ("withdraw", "withdraw_offer", "reconsider")
_FILLS = {
    "grey": "#e4e7ef",
    "blue": "#dbe6f6",
    "teal": "#d3eef0",
    "orange": "#fbe3d3",
    "green": "#d5efdd",
    "purple": "#e6dcf3",
}


@dataclass(frozen=True)
class Edge:
    """One arrow with the names of the transitions it stands for."""

    source: ApplicationState
    target: ApplicationState
    names: tuple[str, ...]


def edges() -> list[Edge]:
    """One arrow for each pair of states, in a steady order."""
    found: dict[tuple[ApplicationState, ApplicationState], list[str]] = {}
    for transition in TRANSITIONS:
        if transition.name in IN_WORDS:
            continue
        for source in sorted(transition.sources):
            for target in sorted(transition.targets):
                found.setdefault((source, target), []).append(transition.name)
    return [Edge(source, target, tuple(names)) for (source, target), names in found.items()]


def picture() -> str:
    """The diagram as SVG."""
    columns = max(column for column, _row in PLACES.values())
    rows = max(row for _column, row in PLACES.values())
    width = round(MARGIN_X * 2 + columns * COLUMN + WIDTH)
    bottom = round(MARGIN_Y * 2 + rows * ROW + HEIGHT)
    drawn = edges()
    pairs = {(edge.source, edge.target) for edge in drawn}
    arrows = [_arrow(edge, has_twin=(edge.target, edge.source) in pairs) for edge in drawn]
    parts = [
        *(line for line, _label in arrows),
        *(_box(state) for state in ApplicationState),
        *(label for _line, label in arrows),
        *(_note(name, bottom + NOTE * number) for number, name in enumerate(IN_WORDS)),
    ]
    body = "\n".join(parts)
    height = bottom + NOTE * len(IN_WORDS)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" \
role="img" aria-labelledby="title desc" font-family="Source Sans 3, Arial, Helvetica, DejaVu Sans, sans-serif">
<title id="title">States of an application</title>
<desc id="desc">The table of transitions in workflow.md says the same in words.</desc>
<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#46506a"/></marker></defs>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{body}
</svg>
"""


def _note(name: str, y: float) -> str:
    transition = BY_NAME[name]
    sources = ", ".join(sorted(source.value for source in transition.sources))
    targets = ", ".join(sorted(target.value for target in transition.targets))
    words = f"Not drawn: {name} leads from {sources} to {targets}.".replace("_", " ")
    return f'<text x="{MARGIN_X}" y="{y:.0f}" font-size="15" fill="#10182b">{escape(words)}</text>'


def _centre(state: ApplicationState) -> tuple[float, float]:
    column, row = PLACES[state]
    return MARGIN_X + column * COLUMN + WIDTH / 2, MARGIN_Y + row * ROW + HEIGHT / 2


def _box(state: ApplicationState) -> str:
    x, y = _centre(state)
    fill = _FILLS[state.colour]
    name = escape(state.value.replace("_", " "))
    return (
        f'<rect x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="6" fill="{fill}" stroke="#14234f"/>'
        f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" font-size="16" '
        f'font-weight="600" fill="#10182b">{name}</text>'
    )


def _arrow(edge: Edge, *, has_twin: bool) -> tuple[str, str]:
    """A curve from box to box, bent to its left so that the way there and back lie apart."""
    (x1, y1), (x2, y2) = _centre(edge.source), _centre(edge.target)
    dx, dy = x2 - x1, y2 - y1
    length = (dx * dx + dy * dy) ** 0.5
    columns = abs(dx) / COLUMN
    bend = (20 if has_twin else 0) + (45 * (columns - 1) if columns > 1.5 else 0)
    middle_x = (x1 + x2) / 2 + dy / length * bend * 2
    middle_y = (y1 + y2) / 2 - dx / length * bend * 2
    start = _border(x1, y1, middle_x, middle_y)
    end = _border(x2, y2, middle_x, middle_y)
    path = (
        f'<path d="M{start[0]:.0f} {start[1]:.0f}Q{middle_x:.0f} {middle_y:.0f} '
        f'{end[0]:.0f} {end[1]:.0f}" fill="none" stroke="#46506a" stroke-width="1.4" '
        'marker-end="url(#tip)"/>'
    )
    label_x = (start[0] + 2 * middle_x + end[0]) / 4
    label_y = (start[1] + 2 * middle_y + end[1]) / 4
    words = ", ".join(edge.names)
    if has_twin and not dx:
        # Beside the curve, on its outer side, where its twin's name is not.
        label_x += (_half(words) if dy > 0 else -_half(words)) * 0.8
    return path, _label(label_x, label_y, words)


def _half(words: str) -> float:
    """Half the width of a label."""
    return len(words) * 3.3 + 3


def _label(x: float, y: float, words: str) -> str:
    text = escape(words.replace("_", " "))
    half = _half(words)
    return (
        f'<rect x="{x - half:.0f}" y="{y - 9:.0f}" width="{2 * half:.0f}" height="18" '
        f'fill="#ffffff" fill-opacity=".88"/><text x="{x:.0f}" y="{y + 4:.0f}" '
        f'text-anchor="middle" font-size="13" fill="#10182b">{text}</text>'
    )


def _border(x: float, y: float, towards_x: float, towards_y: float) -> tuple[float, float]:
    """Where the line from a box's centre towards a point leaves the box."""
    dx, dy = towards_x - x, towards_y - y
    scale = min(
        (WIDTH / 2) / abs(dx) if dx else float("inf"),
        (HEIGHT / 2) / abs(dy) if dy else float("inf"),
    )
    return x + dx * scale, y + dy * scale
