"""Pictures of the catalogue as SVG: drawn here, coloured by the page's style sheet, no script."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programmes.models import Term

WIDTH, HEIGHT = 420, 200
#: Room above the tallest bar for its number, and below the bars for terms and years.
TOP, BOTTOM = 24, 52
GAP = 10


def credits_text(ects: Decimal) -> str:
    """12.5, or 15 without its idle nought."""
    return f"{ects.normalize():f}"


def picture_of_terms(terms: Sequence[Term], total: Decimal | None) -> SafeString | str:
    """A bar for each term, as high as its ECTS, the years below. Nothing when one is not known.

    The page has the same numbers in a table after it.
    """
    if not terms or any(term.ects is None for term in terms):
        return ""
    slot = WIDTH / len(terms)
    base = HEIGHT - BOTTOM
    tallest = max(term.ects for term in terms if term.ects is not None)
    bars = []
    for index, term in enumerate(terms):
        ects = term.ects or Decimal(0)
        height = round(float(ects / tallest) * (base - TOP), 1)
        left = round(index * slot + GAP / 2, 1)
        middle = round(index * slot + slot / 2, 1)
        top = round(base - height, 1)
        label = _("Term %(number)s") % {"number": term.number}
        bars.append(
            (
                left,
                top,
                round(slot - GAP, 1),
                height,
                middle,
                top - 7,
                credits_text(ects),
                middle,
                base + 18,
                label,
            )
        )
    drawn = format_html_join(
        "",
        '<rect class="app-bar--plain" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="app-chart__number" x="{}" y="{}">{}</text>'
        '<text class="app-chart__label" x="{}" y="{}">{}</text>',
        bars,
    )
    return format_html(
        '<svg class="app-chart" viewBox="0 0 {} {}" role="img" focusable="false"'
        ' aria-labelledby="terms-picture-title terms-picture-about">'
        '<title id="terms-picture-title">{}</title><desc id="terms-picture-about">{}</desc>'
        '{}<line class="app-chart__axis" x1="0" x2="{}" y1="{}" y2="{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        _("ECTS in each term"),
        _about(terms, total),
        drawn,
        WIDTH,
        base,
        base,
        _years(terms, slot, base),
    )


def _about(terms: Sequence[Term], total: Decimal | None) -> str:
    numbers = ", ".join(credits_text(term.ects) for term in terms if term.ects is not None)
    if total is None:
        return _("Bar chart: %(numbers)s. The table after it has the same numbers.") % {
            "numbers": numbers
        }
    return _(
        "Bar chart: %(numbers)s, together %(total)s. The table after it has the same numbers."
    ) % {"numbers": numbers, "total": credits_text(total)}


def _years(terms: Sequence[Term], slot: float, base: int) -> SafeString:
    """A line and a name below the terms of each year."""
    lines = []
    index = 0
    for year, group in groupby(terms, key=lambda term: term.year):
        count = len(list(group))
        left, right = round(index * slot + GAP / 2, 1), round((index + count) * slot - GAP / 2, 1)
        middle = round((left + right) / 2, 1)
        name = _("Year %(year)s") % {"year": year}
        lines.append((left, right, base + 27, base + 27, middle, base + 44, name))
        index += count
    return format_html_join(
        "",
        '<line class="app-chart__axis" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="app-chart__number" x="{}" y="{}">{}</text>',
        lines,
    )
