"""The table, and which goals are missed."""

from collections.abc import Iterable, Mapping

from benchmarks.measuring import Cost
from benchmarks.memory import Memory

#: No page above this many times the floor, or this many queries.
RATIO_GOAL = 4.0
QUERIES_GOAL = 12
#: In MB, of resident memory.
MEMORY_GOALS = {"web": 130, "mail": 130, "documents": 200}

HEAD = ("Page", "Queries", "p50 ms", "p95 ms", "× floor", "HTML kB", "CSS + JS kB, gzip")


def page_table(floor: Cost, costs: Iterable[Cost]) -> str:
    """A table in Markdown, which a terminal shows as well."""
    rows = [_row(cost, floor) for cost in (floor, *costs)]
    return _aligned([HEAD, *rows])


def _row(cost: Cost, floor: Cost) -> tuple[str, ...]:
    return (
        cost.page.name,
        str(cost.queries),
        f"{cost.p50:.1f}",
        f"{cost.p95:.1f}",
        f"{cost.ratio(floor):.1f}",
        f"{cost.html_bytes / 1000:.1f}",
        f"{cost.asset_bytes / 1000:.1f}",
    )


def memory_table(found: Mapping[str, Memory | None]) -> str:
    rows = [
        (name, f"{used.rss:.0f}", f"{used.pss:.0f}", str(MEMORY_GOALS[name]))
        if used
        else (name, "–", "–", str(MEMORY_GOALS[name]))
        for name, used in found.items()
    ]
    return _aligned([("Process", "RSS MB", "PSS MB", "Goal MB"), *rows])


def missed(floor: Cost, costs: Iterable[Cost], memory: Mapping[str, Memory | None]) -> list[str]:
    """One sentence for each goal that is not reached."""
    found = []
    for cost in costs:
        ratio = cost.ratio(floor)
        if ratio > RATIO_GOAL:
            found.append(f"{cost.page.name}: {ratio:.1f} times the floor, goal {RATIO_GOAL:.0f}")
        if cost.queries > QUERIES_GOAL:
            found.append(f"{cost.page.name}: {cost.queries} queries, goal {QUERIES_GOAL}")
    for name, used in memory.items():
        if used is not None and used.rss > MEMORY_GOALS[name]:
            found.append(f"{name}: {used.rss:.0f} MB, goal {MEMORY_GOALS[name]}")
    return found


def _aligned(rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = [f"{first[0]:<{first[1]}}", *(f"{text:>{width}}" for text, width in rest)]
    return f"| {' | '.join(cells)} |"
