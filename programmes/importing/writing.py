"""Writing a checked document: what is there is brought up to date, what is the same stays untouched.

Rows that others may point to (terms, modules, requirement sets, intakes) keep their identity.
Intakes and requirement sets that a document no longer names are left alone: people applied under them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from foundation.doors import step
from programmes.importing.document import ProgrammeDocument, Values
from programmes.models import (
    ChoiceRule,
    DocumentRequirement,
    Intake,
    Module,
    ModulePart,
    Programme,
    RequirementSet,
    Statement,
    Term,
)

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True)
class Change:
    """One row that was added, changed or removed. `fields` names what differs."""

    verb: str
    what: str
    name: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        fields = f" ({', '.join(self.fields)})" if self.fields else ""
        return f"{self.verb} {self.what} {self.name}{fields}"


@step
def write_document(document: ProgrammeDocument) -> list[Change]:
    """Bring one programme up to date. Returns what changed: nothing, when it was written before."""
    changes: list[Change] = []
    found = Programme.objects.filter(code=document.programme["code"]).first()
    programme = _bring(Programme, found, document.programme, changes)
    _write_structure(programme, document, changes)
    _write_rest(programme, document, changes)
    sets = _write_requirements(programme, document, changes)
    rows = []
    for intake in document.intakes:
        values = {name: value for name, value in intake.items() if name != "requirements"}
        rows.append({**values, "requirement_set_id": sets[intake["requirements"]].pk})
    intakes = Intake.objects.filter(programme=programme)
    _sync(intakes, ("reference",), rows, changes, keep_others=True, programme_id=programme.pk)
    if changes:
        programme.save(update_fields=["updated_at"])
    return changes


def _write_structure(
    programme: Programme, document: ProgrammeDocument, changes: list[Change]
) -> None:
    owner: Values = {"programme_id": programme.pk}
    terms = _sync(
        Term.objects.filter(**owner), ("year", "number"), document.terms, changes, **owner
    )
    modules = _sync(
        Module.objects.filter(**owner), ("title",), document.modules.values(), changes, **owner
    )
    term_ids = {(term.year, term.number): term.pk for term in terms}
    module_ids = {module.title: module.pk for module in modules}
    parts = [
        {
            "module_id": module_ids[row["title"]],
            "term_id": term_ids[row["year"], row["term"]],
            "number": row["number"],
            "position": row["position"],
        }
        for row in document.parts
    ]
    found = ModulePart.objects.filter(module__programme=programme).select_related("module")
    # The number belongs to the key: parts that change places leave before they come back.
    _sync(found, ("module_id", "term_id", "number"), parts, changes)


def _write_rest(programme: Programme, document: ProgrammeDocument, changes: list[Change]) -> None:
    owner: Values = {"programme_id": programme.pk}
    rules = [] if document.choice_rule is None else [document.choice_rule]
    _sync(ChoiceRule.objects.filter(**owner), (), rules, changes, **owner)
    statements = Statement.objects.filter(**owner)
    _sync(statements, ("kind", "position"), document.statements, changes, **owner)


def _write_requirements(
    programme: Programme, document: ProgrammeDocument, changes: list[Change]
) -> dict[str, RequirementSet]:
    """The requirement sets by their label, each with its documents."""
    owner: Values = {"programme_id": programme.pk}
    found = RequirementSet.objects.filter(**owner)
    sets = _sync(found, ("label",), document.requirements, changes, keep_others=True, **owner)
    for requirements in sets:
        rows = document.documents[requirements.label]
        documents = DocumentRequirement.objects.filter(requirement_set=requirements)
        _sync(documents, ("kind",), rows, changes, requirement_set_id=requirements.pk)
    return {requirements.label: requirements for requirements in sets}


def _sync(
    rows: QuerySet[ModelT],
    key: tuple[str, ...],
    wanted: Iterable[Values],
    changes: list[Change],
    *,
    keep_others: bool = False,
    **owner: Any,
) -> list[ModelT]:
    """Make `rows` what is wanted, told apart by the fields of `key`. One query when nothing differs.

    Rows nobody wants any more are removed first, unless others are kept, so that a row that takes
    their place finds it free.
    """
    wanted = list(wanted)
    found = {tuple(getattr(row, name) for name in key): row for row in rows}
    keys = [tuple(values[name] for name in key) for values in wanted]
    if not keep_others:
        for row in [row for one, row in found.items() if one not in keys]:
            changes.append(Change("remove", str(row._meta.verbose_name), str(row)))
            row.delete()
    return [
        _bring(rows.model, found.get(one), {**owner, **values}, changes)
        for one, values in zip(keys, wanted, strict=True)
    ]


def _bring(
    model: type[ModelT], found: ModelT | None, values: Values, changes: list[Change]
) -> ModelT:
    """Add a row, or change the fields that differ, and note it."""
    what = str(model._meta.verbose_name)
    if found is None:
        created = model._default_manager.create(**values)
        changes.append(Change("add", what, str(created)))
        return created
    differing = tuple(name for name, value in values.items() if getattr(found, name) != value)
    if differing:
        for name in differing:
            setattr(found, name, values[name])
        found.save(update_fields=differing)
        changes.append(Change("change", what, str(found), differing))
    return found
