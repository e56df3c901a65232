"""What an applicant is told, as data: shown on pages now, kept by an application for ever.

Everything that binds the university is in it, as plain JSON: money and credits are strings, times
are UTC in ISO 8601, null is "not stated". A change of its shape raises VERSION.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from programmes.models import Intake, Programme, RequirementSet, StatementKind

VERSION = 1


def snapshot(intake: Intake) -> dict[str, Any]:
    """All that an intake and its programme tell an applicant, independent of any later change."""
    return {
        "version": VERSION,
        "programme": _programme(intake.programme),
        "intake": _intake(intake),
        "fee": {
            "amount": str(intake.fee_amount),
            "currency": intake.fee_currency,
            "refundable": intake.fee_refundable,
            "waivable": intake.fee_waivable,
        },
        "review": {
            "target_weeks": intake.target_weeks,
            "limit_weeks": intake.limit_weeks,
            "starts": "when_complete",
        },
        "requirements": _requirements(intake.requirement_set),
        "defaults": sorted({*intake.defaults, *intake.requirement_set.defaults}),
    }


def _programme(programme: Programme) -> dict[str, Any]:
    return {
        "code": programme.code,
        "slug": programme.slug,
        "title": programme.title,
        "award": programme.award,
        "department": programme.department,
        "delivery": programme.delivery,
        "pace": programme.pace,
        "partner": programme.partner,
        "years": programme.years,
        "terms_per_year": programme.terms_per_year,
        "ects": _decimal(programme.ects),
        "study_hours_per_week": programme.study_hours_per_week,
        "contact_email": programme.contact_email,
        "telephone": programme.telephone,
        "inferred": list(programme.inferred),
        "terms": [
            {
                "year": term.year,
                "number": term.number,
                "ects": _decimal(term.ects),
                "modules": [
                    {"title": part.module.title, "part": part.number} for part in term.parts.all()
                ],
            }
            for term in programme.terms.prefetch_related("parts__module")
        ],
        "modules": [
            {
                "title": module.title,
                "kind": module.kind,
                "placeholder": module.is_placeholder,
            }
            for module in programme.modules.all()
        ],
        "advice": [
            {"if": statement.condition, "then": statement.text}
            for statement in programme.statements.filter(kind=StatementKind.ADVICE)
        ],
    }


def _intake(intake: Intake) -> dict[str, Any]:
    return {
        "reference": intake.reference,
        "cycle": intake.cycle,
        "label": intake.label,
        "entry_text": intake.entry_text,
        "entry_on": intake.entry_on.isoformat() if intake.entry_on else None,
        "opens_at": _moment(intake.opens_at),
        "closes_at": _moment(intake.closes_at),
        "may_close_early": intake.may_close_early,
        "is_demonstration": intake.is_demonstration,
    }


def _requirements(requirements: RequirementSet) -> dict[str, Any]:
    return {
        "label": requirements.label,
        "source": requirements.source,
        "minimum_class": requirements.minimum_class or None,
        "degree_may_be_expected": requirements.degree_may_be_expected,
        "subjects_required": list(requirements.subjects_required),
        "subjects_also_named": list(requirements.subjects_also_named),
        "computer_science": requirements.computer_science or None,
        "ielts_overall": _decimal(requirements.ielts_overall),
        "english_for_all": requirements.english_for_all,
        "english_by_start": requirements.english_by_start,
        "work_experience": requirements.work_experience or None,
        "gre": requirements.gre or None,
        "referees": {
            "count": requirements.referees_count,
            "academic_at_least": requirements.referees_academic_at_least,
        },
        "documents": [
            {
                "kind": document.kind,
                "required": document.required,
                "only_when_awarded": document.only_when_awarded,
                "many": document.many,
                "guide": document.guide,
            }
            for document in requirements.documents.all()
        ],
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
