"""Words that several parts of a programme's page share."""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def default_mark() -> SafeString:
    """Stands beside what the programme doesn't state and the institution's rule fills."""
    return format_html(
        '<strong class="govuk-tag govuk-tag--grey">{}</strong>', _("Institution’s default")
    )


def listed(words: Iterable[str], last: str = "") -> str:
    """Statistics, Mathematics and Physics."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last or _('and')} {found[-1]}"
