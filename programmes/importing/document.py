"""One programme's document, read into plain data. What it says is checked in `checking`."""

from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from programmes.importing.reading import Problem, Reader
from programmes.models import (
    DegreeClass,
    Delivery,
    DocumentKind,
    ModuleKind,
    Need,
    Pace,
    StatementKind,
)

Values = dict[str, Any]
ADVICE = StatementKind.ADVICE


@dataclass
class ProgrammeDocument:
    """What a document says. Each `Values` holds the fields of one row, by their model's names.

    `module_count` is the figure that the programme itself states; it is only checked.
    """

    file: str
    programme: Values
    module_count: int | None = None
    terms: list[Values] = field(default_factory=list)
    modules: dict[str, Values] = field(default_factory=dict)
    parts: list[Values] = field(default_factory=list)
    choice_rule: Values | None = None
    statements: list[Values] = field(default_factory=list)
    requirements: list[Values] = field(default_factory=list)
    documents: dict[str, list[Values]] = field(default_factory=dict)
    intakes: list[Values] = field(default_factory=list)


def read_document(file: str, text: str, problems: list[Problem]) -> ProgrammeDocument | None:
    """Read a document; what can't be understood is added to `problems`."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = _("line %(line)s") % {"line": mark.line + 1} if mark else ""
        problems.append(Problem(file, where, _("this is not YAML")))
        return None
    top = Reader(data, file=file, where="", problems=problems)
    document = _programme(file, top.group("programme"))
    _structure(document, top)
    _choice_rule(document, top)
    _statements(document, top.group("statements"))
    for row in top.rows("requirements"):
        _requirement_set(document, row)
    for row in top.rows("intakes"):
        _intake(document, row)
    top.finish()
    return document


def _programme(file: str, row: Reader) -> ProgrammeDocument:
    values: Values = {
        "code": row.text("code", required=True),
        "slug": row.text("slug", required=True),
        "title": row.text("title", required=True),
        "also_known_as": row.texts("also_known_as"),
        "award": row.text("award", required=True),
        "department": row.text("department"),
        "delivery": row.choice("delivery", Delivery),
        "pace": row.choice("pace", Pace),
        "partner": row.text("partner"),
        "years": row.whole("years", least=1),
        "terms_per_year": row.whole("terms_per_year", least=1),
        "ects": row.number("ects"),
        "study_hours_per_week": row.whole("study_hours_per_week"),
        "contact_email": row.text("contact_email"),
        "telephone": row.text("telephone"),
        "summary": row.text("summary"),
        "inferred": row.texts("inferred"),
        "published": row.flag("published", default=False),
        "position": row.whole("position") or 0,
    }
    document = ProgrammeDocument(file, values, module_count=row.whole("modules"))
    row.finish()
    return document


def _structure(document: ProgrammeDocument, top: Reader) -> None:
    for row in top.rows("structure"):
        term: Values = {
            "year": row.whole("year", required=True, least=1),
            "number": row.whole("term", required=True, least=1),
            "ects": row.number("ects"),
        }
        document.terms.append(term)
        for position, entry in enumerate(row.rows("modules"), start=1):
            title = _module(document, entry, finish=False)
            document.parts.append(
                {
                    "title": title,
                    "year": term["year"],
                    "term": term["number"],
                    "number": entry.whole("part", least=1),
                    "position": position,
                }
            )
            entry.finish()
        row.finish()
    for row in top.rows("modules"):
        _module(document, row, finish=True)


def _module(document: ProgrammeDocument, row: Reader, *, finish: bool) -> str:
    """Read a module once; its later parts may leave out what its first part said."""
    title = row.text("title", required=True)
    kind = row.choice("kind", ModuleKind)
    values: Values = {
        "title": title,
        "kind": kind or ModuleKind.COMPULSORY.value,
        "ects": row.number("ects"),
        "is_placeholder": row.flag("placeholder", default=False),
        "position": len(document.modules) + 1,
    }
    known = document.modules.setdefault(title, values)
    if kind and known["kind"] != kind:
        row.problem(
            _("“%(title)s” is %(one)s in one place and %(other)s in another")
            % {"title": title, "one": known["kind"], "other": kind}
        )
    if finish:
        row.finish()
    return title


def _choice_rule(document: ProgrammeDocument, top: Reader) -> None:
    if "choice_rule" not in top.data:
        return
    row = top.group("choice_rule")
    document.choice_rule = {
        "compulsory": row.whole("compulsory", required=True) or 0,
        "chosen": row.whole("chosen", required=True) or 0,
        "selective_at_least": row.whole("selective_at_least") or 0,
        "optional_at_most": row.whole("optional_at_most") or 0,
    }
    row.finish()


def _statements(document: ProgrammeDocument, groups: Reader) -> None:
    for kind in StatementKind:
        lines = [("", text) for text in groups.texts(kind)] if kind is not ADVICE else []
        for row in groups.rows(kind) if kind is ADVICE else []:
            lines.append((row.text("if", required=True), row.text("then", required=True)))
            row.finish()
        document.statements += [
            {
                "kind": kind.value,
                "condition": condition,
                "text": text,
                "position": position,
            }
            for position, (condition, text) in enumerate(lines, start=1)
        ]
    groups.finish()


def _requirement_set(document: ProgrammeDocument, row: Reader) -> None:
    label = row.text("label", required=True)
    values: Values = {
        "label": label,
        "source": row.text("source"),
        "minimum_class": row.choice("minimum_class", DegreeClass),
        "degree_may_be_expected": row.flag("degree_may_be_expected", default=True),
        "subjects_required": row.texts("subjects_required"),
        "subjects_also_named": row.texts("subjects_also_named"),
        "computer_science": row.choice("computer_science", Need),
        "ielts_overall": row.number("ielts_overall"),
        "work_experience": row.choice("work_experience", Need),
        "gre": row.choice("gre", Need),
        "defaults": row.texts("defaults"),
    }
    referees = row.group("referees")
    values["referees_count"] = referees.whole("count", required=True) or 0
    values["referees_academic_at_least"] = referees.whole("academic_at_least") or 0
    referees.finish()
    document.requirements.append(values)
    document.documents[label] = [
        {
            "kind": entry.choice("kind", DocumentKind),
            "required": entry.flag("required", default=True),
            "only_when_awarded": entry.flag("only_when_awarded", default=False),
            "many": entry.flag("many", default=False),
            "guide": entry.text("guide"),
            "position": position,
        }
        for position, entry in enumerate(row.rows("documents"), start=1)
    ]
    row.finish()


def _intake(document: ProgrammeDocument, row: Reader) -> None:
    fee = row.group("fee")
    review = row.group("review")
    document.intakes.append(
        {
            "reference": row.text("reference", required=True),
            "cycle": row.whole("cycle", required=True, least=2000),
            "label": row.text("label", required=True),
            "entry_text": row.text("entry", required=True),
            "entry_on": row.day("entry_on"),
            "opens_at": row.moment("opens"),
            "closes_at": row.moment("closes", end_of_day=True),
            "may_close_early": row.flag("may_close_early", default=False),
            "is_historic": row.flag("historic", default=False),
            "places": row.whole("places"),
            "offer_limit": row.whole("offer_limit"),
            "requirements": row.text("requirements", required=True),
            "defaults": row.texts("defaults"),
            "fee_amount": fee.number("amount", required=True),
            "fee_currency": fee.text("currency", required=True),
            "fee_refundable": fee.flag("refundable", default=False),
            "fee_waivable": fee.flag("waivable", default=True),
            "target_weeks": review.whole("target_weeks", required=True, least=1),
            "limit_weeks": review.whole("limit_weeks", required=True, least=1),
        }
    )
    for reader in (fee, review, row):
        reader.finish()
