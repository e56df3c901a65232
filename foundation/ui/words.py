"""Counting words the way the page's counter does, so that server and browser never disagree."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# As GOV.UK Frontend's character count does; JavaScript's \S and Python's agree on every character
# but U+FEFF and U+001C to U+001F and U+0085, which nobody types.
_WORD = re.compile(r"\S+")


def count_words(text: str) -> int:
    """How many words a text has: runs of anything but white space."""
    return len(_WORD.findall(text))


@deconstructible
class MaxWordsValidator:
    """Refuses a text of more than `limit` words and says by how many. `Field` shows the counter."""

    code = "too_many_words"

    def __init__(self, limit: int, noun: Any = "") -> None:
        self.limit = limit
        self.noun = noun

    def __call__(self, text: str) -> None:
        over = count_words(text) - self.limit
        if over > 0:
            raise ValidationError(
                ngettext(
                    "%(noun)s must be %(limit)s words or fewer. Take out %(over)s word.",
                    "%(noun)s must be %(limit)s words or fewer. Take out %(over)s words.",
                    over,
                )
                % {"noun": self.noun or _("Your text"), "limit": f"{self.limit:,}", "over": over},
                code=self.code,
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MaxWordsValidator) and self.limit == other.limit

    def __hash__(self) -> int:
        return hash(self.limit)
