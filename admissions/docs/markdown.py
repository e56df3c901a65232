"""Tables and paragraphs in Markdown."""

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a bar in a cell is escaped."""
    lines = [_line(headings), "|" + "|".join(["---"] * len(headings)) + "|"]
    lines += [_line(row) for row in rows]
    return "\n".join(lines)


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def words(values: Iterable[object]) -> str:
    """Codes side by side, sorted, so that two runs give the same text."""
    return ", ".join(sorted(str(value) for value in values)) or "–"
