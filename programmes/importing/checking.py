"""Whether what a document says adds up. Every problem is found, in words, before a row is written."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from programmes.importing.document import ProgrammeDocument, Values
from programmes.importing.reading import Problem
from programmes.models import (
    Intake,
    Module,
    ModuleKind,
    Programme,
    RequirementSet,
    Statement,
    Term,
)

#: Kinds that every student of a programme takes.
COMPULSORY_KINDS = frozenset({ModuleKind.COMPULSORY.value, ModuleKind.PROJECT.value})


def check_all(documents: Iterable[ProgrammeDocument]) -> list[Problem]:
    """Everything that is wrong with the documents, each alone and all together."""
    documents = list(documents)
    checks = (_fields, _terms, _parts, _credits, _choices, _requirements, _intakes)
    problems = [
        Problem(document.file, where, sentence)
        for document in documents
        for check in checks
        for where, sentence in check(document)
    ]
    for name in ("code", "slug"):
        problems += _twice(name, [(doc.file, doc.programme[name]) for doc in documents])
    problems += _twice(
        "reference",
        [(doc.file, intake["reference"]) for doc in documents for intake in doc.intakes],
    )
    return problems


Found = Iterator[tuple[str, str]]


def _twice(name: str, values: list[tuple[str, str]]) -> list[Problem]:
    counts = Counter(value for _file, value in values if value)
    return [
        Problem(
            file,
            "",
            _("the %(name)s “%(value)s” is used more than once") % {"name": name, "value": value},
        )
        for file, value in values
        if counts[value] > 1
    ]


def _fields(document: ProgrammeDocument) -> Found:
    """What the fields themselves refuse: too long, too many digits, not a slug, not an address."""
    rows: list[tuple[str, type[Model], Values]] = [("programme", Programme, document.programme)]
    rows += [("structure", Term, row) for row in document.terms]
    rows += [("modules", Module, row) for row in document.modules.values()]
    rows += [("statements", Statement, row) for row in document.statements]
    for row in document.requirements:
        rows.append((_("requirements “%(label)s”") % row, RequirementSet, row))
    rows += [(_("intake “%(reference)s”") % row, Intake, row) for row in document.intakes]
    for where, model, row in rows:
        for field in model._meta.fields:
            try:
                field.run_validators(row.get(field.name))
            except ValidationError as error:
                yield where, f"“{field.name}”: {' '.join(error.messages)}"


def _terms(document: ProgrammeDocument) -> Found:
    programme = document.programme
    seen = Counter((term["year"], term["number"]) for term in document.terms)
    for (year, number), count in seen.items():
        where = _("year %(year)s, term %(number)s") % {"year": year, "number": number}
        if count > 1:
            yield where, _("this term is there more than once")
        if programme["years"] and year and year > programme["years"]:
            yield (
                where,
                _("the programme has %(years)s years") % {"years": programme["years"]},
            )
        if programme["terms_per_year"] and number and number > programme["terms_per_year"]:
            yield (
                where,
                _("a year has %(terms)s terms") % {"terms": programme["terms_per_year"]},
            )


def _parts(document: ProgrammeDocument) -> Found:
    by_title: dict[str, list[Values]] = {}
    for part in document.parts:
        by_title.setdefault(part["title"], []).append(part)
    for title, parts in by_title.items():
        numbers = [part["number"] for part in parts]
        expected = [None] if len(parts) == 1 else list(range(1, len(parts) + 1))
        if numbers != expected:
            yield (
                title,
                _(
                    "a module taught in several terms has parts 1, 2, 3 … in the order of its terms; "
                    "one taught whole has none"
                ),
            )
    if document.module_count is not None and document.module_count != len(document.modules):
        yield (
            "programme",
            _("the programme states %(stated)s modules, its structure has %(found)s")
            % {"stated": document.module_count, "found": len(document.modules)},
        )


def _credits(document: ProgrammeDocument) -> Found:
    stated = document.programme["ects"]
    by_term = [term["ects"] for term in document.terms]
    if stated is None or not by_term or None in by_term:
        return
    total = sum(by_term, Decimal(0))
    if total != stated:
        yield (
            "structure",
            _("the terms add up to %(total)s ECTS, the programme states %(stated)s")
            % {"total": total, "stated": stated},
        )


def _choices(document: ProgrammeDocument) -> Found:
    rule = document.choice_rule
    if rule is None:
        return
    kinds = Counter(module["kind"] for module in document.modules.values())
    compulsory = sum(kinds[kind] for kind in COMPULSORY_KINDS)
    if compulsory != rule["compulsory"]:
        yield (
            "choice_rule",
            _("%(stated)s modules are compulsory, with the project; %(found)s are listed")
            % {"stated": rule["compulsory"], "found": compulsory},
        )
    selective, optional = (
        kinds[ModuleKind.SELECTIVE.value],
        kinds[ModuleKind.OPTIONAL.value],
    )
    possible = any(
        rule["selective_at_least"] <= chosen <= selective
        and rule["chosen"] - chosen <= min(rule["optional_at_most"], optional)
        for chosen in range(rule["chosen"] + 1)
    )
    if not possible:
        yield "choice_rule", _("no choice of the modules listed can satisfy this rule")


def _requirements(document: ProgrammeDocument) -> Found:
    labels = Counter(row["label"] for row in document.requirements)
    for label, count in labels.items():
        if count > 1:
            yield (
                "requirements",
                _("“%(label)s” is there more than once") % {"label": label},
            )
    for row in document.requirements:
        where = _("requirements “%(label)s”") % row
        if row["referees_academic_at_least"] > row["referees_count"]:
            yield where, _("more academic referees are asked for than referees")
        if row["ielts_overall"] is not None and row["ielts_overall"] > 9:
            yield where, _("IELTS goes up to 9.0")
        kinds = Counter(entry["kind"] for entry in document.documents[row["label"]])
        for kind, count in kinds.items():
            if count > 1:
                yield (
                    where,
                    _("the document “%(kind)s” is there more than once") % {"kind": kind},
                )


def _intakes(document: ProgrammeDocument) -> Found:
    labels = {row["label"] for row in document.requirements}
    for intake in document.intakes:
        where = _("intake “%(reference)s”") % intake
        opens_at, closes_at = intake["opens_at"], intake["closes_at"]
        if opens_at and closes_at and closes_at <= opens_at:
            yield where, _("it closes before it opens")
        target, limit = intake["target_weeks"], intake["limit_weeks"]
        if target and limit and target > limit:
            yield where, _("the review’s target is after its limit")
        if intake["requirements"] and intake["requirements"] not in labels:
            yield (
                where,
                _("its requirements “%(label)s” are not in this document")
                % {"label": intake["requirements"]},
            )
        currency = intake["fee_currency"]
        if currency and not (currency.isascii() and currency.isupper() and len(currency) == 3):
            yield (
                where,
                _("“%(currency)s” is not a currency’s code") % {"currency": currency},
            )
