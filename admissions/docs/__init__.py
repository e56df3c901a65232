"""The generated documents: `manage.py generate_docs` writes them, a test fails when they are stale.

    pages() -> {"workflow.md": …, "workflow.svg": …, "emails.md": …}

They stand here because this room knows all the others.
"""

from collections.abc import Callable

from django.utils import translation

from admissions.docs import diagram, emails, workflow

#: A document's name in `docs/`, and what makes its text.
PAGES: dict[str, Callable[[], str]] = {
    "workflow.md": workflow.page,
    "workflow.svg": diagram.picture,
    "emails.md": emails.page,
}


def pages() -> dict[str, str]:
    """Every generated document, in the source's own language."""
    with translation.override("en-gb"):
        return {name: make() for name, make in PAGES.items()}
