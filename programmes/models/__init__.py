"""The catalogue's nouns, and who may do what for which programme."""

from programmes.models.catalogue import (
    ChoiceRule,
    Delivery,
    Module,
    ModuleKind,
    ModulePart,
    Pace,
    Programme,
    Statement,
    StatementKind,
    Term,
)
from programmes.models.grants import RoleGrant
from programmes.models.intakes import Intake, IntakeState
from programmes.models.requirements import (
    DegreeClass,
    DocumentKind,
    DocumentRequirement,
    Need,
    RequirementSet,
)

__all__ = [
    "ChoiceRule",
    "DegreeClass",
    "Delivery",
    "DocumentKind",
    "DocumentRequirement",
    "Intake",
    "IntakeState",
    "Module",
    "ModuleKind",
    "ModulePart",
    "Need",
    "Pace",
    "Programme",
    "RequirementSet",
    "RoleGrant",
    "Statement",
    "StatementKind",
    "Term",
]
