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
    values = dict(document.programme)
    programme = _put(Programme.objects.all(), {"code": values.pop("code")}, values, changes)
    _write_structure(programme, document, changes)
    _write_choice_rule(programme, document.choice_rule, changes)
    _write_statements(programme, document.statements, changes)
    sets = {
        row["label"]: _write_requirements(programme, row, document, changes)
        for row in document.requirements
    }
    for row in document.intakes:
        values = {
            **row,
            "programme": programme,
            "requirement_set": sets[row["requirements"]],
        }
        del values["requirements"]
        _put(
            Intake.objects.all(),
            {"reference": values.pop("reference")},
            values,
            changes,
        )
    return changes


def _write_structure(
    programme: Programme, document: ProgrammeDocument, changes: list[Change]
) -> None:
    terms = {}
    for row in document.terms:
        key = {"year": row["year"], "number": row["number"]}
        terms[row["year"], row["number"]] = _put(
            programme.terms.all(),
            key,
            {"ects": row["ects"]},
            changes,
            programme=programme,
        )
    modules = {}
    for title, row in document.modules.items():
        values = {name: value for name, value in row.items() if name != "title"}
        modules[title] = _put(
            programme.modules.all(),
            {"title": title},
            values,
            changes,
            programme=programme,
        )
    parts = ModulePart.objects.filter(module__programme=programme)
    kept = [
        _put(
            parts,
            {"module": modules[row["title"]], "term": terms[row["year"], row["term"]]},
            {"number": row["number"], "position": row["position"]},
            changes,
        )
        for row in document.parts
    ]
    _remove(parts, kept, changes)
    _remove(Module.objects.filter(programme=programme), modules.values(), changes)
    _remove(Term.objects.filter(programme=programme), terms.values(), changes)


def _write_choice_rule(programme: Programme, values: Values | None, changes: list[Change]) -> None:
    rules = ChoiceRule.objects.filter(programme=programme)
    kept = [] if values is None else [_put(rules, {"programme": programme}, values, changes)]
    _remove(rules, kept, changes)


def _write_statements(programme: Programme, rows: list[Values], changes: list[Change]) -> None:
    statements = Statement.objects.filter(programme=programme)
    kept = [
        _put(
            statements,
            {"kind": row["kind"], "position": row["position"]},
            {"condition": row["condition"], "text": row["text"]},
            changes,
            programme=programme,
        )
        for row in rows
    ]
    _remove(statements, kept, changes)


def _write_requirements(
    programme: Programme,
    row: Values,
    document: ProgrammeDocument,
    changes: list[Change],
) -> RequirementSet:
    values = {name: value for name, value in row.items() if name != "label"}
    requirements = _put(
        programme.requirement_sets.all(),
        {"label": row["label"]},
        values,
        changes,
        programme=programme,
    )
    documents = DocumentRequirement.objects.filter(requirement_set=requirements)
    kept = []
    for entry in document.documents[row["label"]]:
        fields = {name: value for name, value in entry.items() if name != "kind"}
        kept.append(
            _put(
                documents,
                {"kind": entry["kind"]},
                fields,
                changes,
                requirement_set=requirements,
            )
        )
    _remove(documents, kept, changes)
    return requirements


def _put(
    rows: QuerySet[ModelT],
    key: Values,
    values: Values,
    changes: list[Change],
    **owner: Any,
) -> ModelT:
    """Add the row with this key, or change the fields that differ, and note it."""
    model = rows.model
    what = str(model._meta.verbose_name)
    found = rows.filter(**key).first()
    if found is None:
        created = model._default_manager.create(**owner, **key, **values)
        changes.append(Change("add", what, str(created)))
        return created
    differing = tuple(name for name, value in values.items() if getattr(found, name) != value)
    if differing:
        for name in differing:
            setattr(found, name, values[name])
        found.save(update_fields=differing)
        changes.append(Change("change", what, str(found), differing))
    return found


def _remove(rows: QuerySet[ModelT], kept: Iterable[ModelT], changes: list[Change]) -> None:
    for row in rows.exclude(pk__in=[row.pk for row in kept]):
        changes.append(Change("remove", str(row._meta.verbose_name), str(row)))
        row.delete()
