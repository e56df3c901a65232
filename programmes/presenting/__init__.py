"""The catalogue's facts as words for pages. What is not stated is left out, or said to be so."""

from programmes.presenting.intakes import IntakeView, steps_after_applying
from programmes.presenting.programmes import ProgrammeView
from programmes.presenting.requirements import RequirementsView
from programmes.presenting.words import default_mark

__all__ = [
    "IntakeView",
    "ProgrammeView",
    "RequirementsView",
    "default_mark",
    "steps_after_applying",
]
