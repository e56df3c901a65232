"""Grades are checked against their own scale."""

import pytest
from django.core.exceptions import ValidationError

from applicants.grades import clean_grade
from applicants.models import GradeScale


@pytest.mark.parametrize(
    ("scale", "typed", "kept"),
    [
        (GradeScale.HONOURS, "2.1", "2:1"),
        (GradeScale.HONOURS, "First class", "First"),
        (GradeScale.HONOURS, " upper  second ", "2:1"),
        (GradeScale.GPA_4, "3,7", "3.7"),
        (GradeScale.PERCENT, "68 %", "68"),
        (GradeScale.GERMAN, "1.3", "1.3"),
        (GradeScale.OUT_OF_110, "110", "110"),
        (GradeScale.OTHER, "Sehr gut", "Sehr gut"),
    ],
)
def test_kept_as_the_scale_writes_it(scale: GradeScale, typed: str, kept: str) -> None:
    assert clean_grade(scale, typed) == kept


@pytest.mark.parametrize(
    ("scale", "typed"),
    [
        (GradeScale.HONOURS, "very good"),
        (GradeScale.GPA_4, "4.1"),
        (GradeScale.GPA_4, "3.7/4"),
        (GradeScale.GPA_5, "-1"),
        (GradeScale.PERCENT, "NaN"),
        (GradeScale.PERCENT, "Infinity"),
        (GradeScale.GERMAN, "0.9"),
        (GradeScale.OUT_OF_20, "21"),
    ],
)
def test_not_on_the_scale(scale: GradeScale, typed: str) -> None:
    with pytest.raises(ValidationError):
        clean_grade(scale, typed)
