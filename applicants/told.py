"""What an applicant was told when they started: the rules that hold for their application.

A later change of the catalogue never reaches an application, so its sections ask here and not the
intake's present requirements. No query.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applicants.models import Application
from programmes.models import DocumentKind


@dataclass(frozen=True)
class DocumentRule:
    """One kind of document. `only_when_awarded`: for each qualification held, not for expected ones."""

    kind: str
    required: bool
    only_when_awarded: bool
    many: bool
    guide: str


@dataclass(frozen=True)
class Rules:
    """The requirements of the snapshot. None means not stated."""

    documents: dict[str, DocumentRule]
    minimum_class: str | None
    degree_may_be_expected: bool
    ielts_overall: Decimal | None
    english_for_all: bool
    referees_count: int
    referees_academic_at_least: int

    def document(self, kind: DocumentKind) -> DocumentRule | None:
        return self.documents.get(kind.value)


def rules_of(application: Application) -> Rules:
    """The rules that an application was started under."""
    told: dict[str, Any] = application.told_at_start.get("requirements", {})
    referees = told.get("referees", {})
    ielts = told.get("ielts_overall")
    return Rules(
        documents={
            document["kind"]: DocumentRule(
                kind=document["kind"],
                required=document["required"],
                only_when_awarded=document["only_when_awarded"],
                many=document["many"],
                guide=document["guide"],
            )
            for document in told.get("documents", [])
        },
        minimum_class=told.get("minimum_class"),
        degree_may_be_expected=told.get("degree_may_be_expected", True),
        ielts_overall=Decimal(ielts) if ielts is not None else None,
        english_for_all=told.get("english_for_all", True),
        referees_count=referees.get("count", 2),
        referees_academic_at_least=referees.get("academic_at_least", 1),
    )
