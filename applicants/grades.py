"""Grades as they are typed: checked against their scale, and kept as the applicant's own."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applicants.models import GradeScale

#: The lowest and highest value of the scales that are numbers.
LIMITS = {
    GradeScale.GPA_4: (Decimal(0), Decimal(4)),
    GradeScale.GPA_5: (Decimal(0), Decimal(5)),
    GradeScale.PERCENT: (Decimal(0), Decimal(100)),
    GradeScale.GERMAN: (Decimal(1), Decimal(5)),
    GradeScale.OUT_OF_10: (Decimal(0), Decimal(10)),
    GradeScale.OUT_OF_20: (Decimal(0), Decimal(20)),
    GradeScale.OUT_OF_110: (Decimal(0), Decimal(110)),
}
_HONOURS = {
    "first": "First",
    "1": "First",
    "1st": "First",
    "2:1": "2:1",
    "2.1": "2:1",
    "2i": "2:1",
    "upper second": "2:1",
    "2:2": "2:2",
    "2.2": "2:2",
    "2ii": "2:2",
    "lower second": "2:2",
    "third": "Third",
    "3": "Third",
    "3rd": "Third",
    "pass": "Pass",
}


def clean_grade(scale: GradeScale, typed: str) -> str:
    """The grade in the scale's own way of writing. Raises ValidationError when it is not on it."""
    typed = " ".join(typed.split())
    if scale is GradeScale.HONOURS:
        words = typed.casefold().removesuffix("class").removesuffix("class honours")
        grade = _HONOURS.get(words.strip())
        if grade is None:
            raise ValidationError(
                _("Enter First, 2:1, 2:2, Third or Pass, or choose another scale")
            )
        return grade
    if scale not in LIMITS:
        return typed
    lowest, highest = LIMITS[scale]
    try:
        value = Decimal(typed.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise ValidationError(
            _("Enter your grade as a number, like 3.7, or choose another scale")
        ) from None
    if not value.is_finite() or not lowest <= value <= highest:
        raise ValidationError(
            _("A grade on this scale is between %(lowest)s and %(highest)s"),
            params={"lowest": lowest, "highest": highest},
        )
    return f"{value:f}"
