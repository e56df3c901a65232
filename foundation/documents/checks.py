"""What is looked at when the portal starts: can it make PDFs here?"""

from typing import Any

from django.core import checks

from foundation.documents.pdf import pango_problem


def register_checks() -> None:
    checks.register(pango_is_there)


def pango_is_there(**kwargs: Any) -> list[checks.CheckMessage]:
    problem = pango_problem()
    return [checks.Warning(problem, id="documents.W001")] if problem else []
