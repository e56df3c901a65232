"""Words as they are looked for: without case, accents and apostrophes, by their beginnings.

PostgreSQL's own `unaccent` is an extension, which the portal does without, so both the stored tokens
and what is typed are folded here.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Lookup, Value

#: Letters that Unicode does not decompose, and apostrophes, which people leave out.
FOLDING = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ŋ": "n",
        "ŧ": "t",
        "ı": "i",
        "ə": "e",
        "’": "'",
        "‘": "'",
        "ʻ": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
    }
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: What a search looks at; more is cut off.
LONGEST_SEARCH = 100
MOST_WORDS = 8
LONGEST_TOKEN = 60


def fold(text: str) -> str:
    """`Łukasz O’Neill` becomes `lukasz o'neill`."""
    folded = text.casefold().translate(FOLDING)
    decomposed = unicodedata.normalize("NFKD", folded)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.translate(FOLDING)


def tokens(*texts: str) -> list[str]:
    """What a row is found by: every word, and one with apostrophes also as its parts."""
    found: set[str] = set()
    for text in texts:
        for word in _WORD.findall(fold(text)):
            found.add(word.replace("'", "")[:LONGEST_TOKEN])
            found.update(part[:LONGEST_TOKEN] for part in word.split("'"))
    found.discard("")
    return sorted(found)


def searched_words(typed: str) -> list[str]:
    """The words that somebody typed, folded. All have to be found."""
    words = _WORD.findall(fold(typed[:LONGEST_SEARCH]))
    return [word.replace("'", "")[:LONGEST_TOKEN] for word in words[:MOST_WORDS]]


class TokenVector(Func):
    """A tsvector of these tokens as they are: no dictionary changes them."""

    function = "array_to_tsvector"
    output_field = SearchVectorField()

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(Value(list(words)), template="%(function)s(%(expressions)s::text[])")


def prefix_query(words: list[str]) -> str:
    """A tsquery for words that begin so. Each is quoted: nothing typed is read as an operator."""
    return " & ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "':*" for word in words)


@SearchVectorField.register_lookup
class Begins(Lookup):
    """`search_tokens__begins=prefix_query(words)`: the query is taken as it is, without a parser."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*params, self.rhs)
