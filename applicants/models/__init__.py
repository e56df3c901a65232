"""The applicant's nouns."""

from applicants.models.application import Application
from applicants.models.clock import ClockPause, PauseReason, ReviewClock
from applicants.models.fee import (
    EntryKind,
    Fee,
    LedgerEntry,
    Payment,
    PaymentState,
    Waiver,
    WaiverEvidence,
    WaiverState,
    WebhookDelivery,
)
from applicants.models.nominees import Nominee, NomineeKind
from applicants.models.requirements import (
    Holder,
    Requirement,
    RequirementKind,
    RequirementState,
)
from applicants.models.sections import (
    EnglishBasis,
    EnglishEvidence,
    EnglishTest,
    FileKind,
    GradeScale,
    PersonalDetails,
    Qualification,
    QualificationStatus,
    SectionFile,
    Statement,
)

__all__ = [
    "Application",
    "ClockPause",
    "EnglishBasis",
    "EnglishEvidence",
    "EnglishTest",
    "EntryKind",
    "Fee",
    "FileKind",
    "GradeScale",
    "Holder",
    "LedgerEntry",
    "Nominee",
    "NomineeKind",
    "PauseReason",
    "Payment",
    "PaymentState",
    "PersonalDetails",
    "Qualification",
    "QualificationStatus",
    "Requirement",
    "RequirementKind",
    "RequirementState",
    "ReviewClock",
    "SectionFile",
    "Statement",
    "Waiver",
    "WaiverEvidence",
    "WaiverState",
    "WebhookDelivery",
]
