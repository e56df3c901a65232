"""Bringing the catalogue up to date from its documents."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.doors import Actor, Refused, door
from programmes.importing import (
    Change,
    Problem,
    ProgrammeDocument,
    check_all,
    read_document,
    write_document,
)
from programmes.models import Intake, Programme

#: The catalogue that ships with the portal.
SHIPPED = Path(__file__).resolve().parent.parent / "catalogue"


class FaultyCatalogue(Refused):
    """Documents that can't be imported, with everything that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "faulty_catalogue",
            gettext_lazy("The catalogue has faults. Nothing was imported."),
        )
        self.problems = list(problems)


def shipped_files() -> list[Path]:
    return sorted(SHIPPED.glob("*.yaml"))


def read_catalogue(files: Iterable[Path]) -> list[ProgrammeDocument]:
    """Read and check documents. Raises FaultyCatalogue with all their problems at once."""
    problems: list[Problem] = []
    documents = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(file.name, "", _("it can’t be read (%s)") % error))
            continue
        document = read_document(file.name, text, problems)
        if document is not None:
            documents.append(document)
    problems += check_all(documents)
    if problems:
        raise FaultyCatalogue(problems)
    return documents


@door
def import_catalogue(
    documents: Sequence[ProgrammeDocument], *, actor: Actor, dry_run: bool = False
) -> list[Change]:
    """Write documents that `read_catalogue` found in order, all of them or none.

    What applicants were told stays in their applications. With `dry_run` everything is written and
    then taken back, so that what it says would change is what would change. Raises FaultyCatalogue
    when a document claims what belongs to a programme outside the documents.
    """
    problems = [problem for document in documents for problem in _taken(document)]
    if problems:
        raise FaultyCatalogue(problems)
    changes = [change for document in documents for change in write_document(document)]
    if dry_run:
        transaction.set_rollback(True)
    return changes


def _taken(document: ProgrammeDocument) -> list[Problem]:
    code, slug = document.programme["code"], document.programme["slug"]
    problems = []
    if Programme.objects.filter(slug=slug).exclude(code=code).exists():
        sentence = _("another programme has the address “%(slug)s”") % {"slug": slug}
        problems.append(Problem(document.file, "programme", sentence))
    references = [intake["reference"] for intake in document.intakes]
    elsewhere = Intake.objects.filter(reference__in=references).exclude(programme__code=code)
    for reference in elsewhere.values_list("reference", flat=True):
        sentence = _("the intake “%(reference)s” is another programme’s") % {"reference": reference}
        problems.append(Problem(document.file, "intakes", sentence))
    return problems
