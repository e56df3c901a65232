"""Who waits for whom: the requirements of an application as an applicant reads them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applicants import nominees, sections
from applicants.models import Application, Holder, Requirement, RequirementKind
from applicants.own_sections import file_name
from applicants.steps.files import is_unusable

HOLDERS = {
    Holder.APPLICANT: _("Waiting for you"),
    Holder.REFEREE: _("Waiting for your referee"),
    Holder.OFFICE: _("Waiting for us"),
}


@dataclass(frozen=True)
class Waiting:
    """One requirement. `what` is a noun phrase: "Dr Helen Marsh’s letter"."""

    kind: RequirementKind
    what: Any
    holder: Holder
    is_open: bool
    is_waived: bool
    arrived_at: datetime | None
    explanation: Any = ""
    url: str = ""

    @property
    def holder_label(self) -> Any:
        return HOLDERS[self.holder]


def requirements_of(application: Application) -> list[Waiting]:
    """All requirements in their order. No query after `queries.with_sections`."""
    return [_waiting(application, requirement) for requirement in application.requirements.all()]


def still_open(application: Application) -> list[Waiting]:
    """What a submitted application waits for."""
    return [waiting for waiting in requirements_of(application) if waiting.is_open]


def what_is_awaited(application: Application, requirement: Requirement) -> Any:
    """The noun phrase for a requirement, with the referee's name where it is a letter."""
    kind = RequirementKind(requirement.kind)
    position = _LETTERS.get(kind)
    if position is not None:
        nominee = nominees.at(application, position)
        if nominee is not None:
            return _("%(name)s’s letter") % {"name": nominee.full_name}
    return kind.label


_LETTERS = {RequirementKind.LETTER_1: 1, RequirementKind.LETTER_2: 2}


def _waiting(application: Application, requirement: Requirement) -> Waiting:
    kind = RequirementKind(requirement.kind)
    holder = Holder(requirement.held_by)
    explanation: Any = ""
    url = ""
    if requirement.is_open:
        explanation, url = _explain(application, kind, holder)
    return Waiting(
        kind=kind,
        what=what_is_awaited(application, requirement),
        holder=holder,
        is_open=requirement.is_open,
        is_waived=requirement.state == "waived",
        arrived_at=requirement.arrived_at,
        explanation=explanation,
        url=url,
    )


def _explain(application: Application, kind: RequirementKind, holder: Holder) -> tuple[Any, str]:
    """Why it is open and where to do something about it."""
    if kind is RequirementKind.FEE:
        return _("Pay it, or ask for a waiver"), _section_url("fee", application)
    if kind in _LETTERS:
        return "", _section_url("referees", application)
    if kind is RequirementKind.TURN:
        return _("We read this choice when your earlier one has ended without an offer"), ""
    if kind is RequirementKind.FILE_CLEAN and holder is Holder.APPLICANT:
        return _unusable_file(application)
    if kind is RequirementKind.FILE_CLEAN:
        return _("We check every file for viruses. There is nothing for you to do"), ""
    return "", ""


def _unusable_file(application: Application) -> tuple[Any, str]:
    for file in application.files.all():
        if is_unusable(file):
            url = reverse(
                "applicants:replace_file",
                args=[application.reference, file.document_id],
            )
            return _("“%(name)s” can’t be used. Add it again") % {"name": file_name(file)}, url
    return "", ""


def _section_url(code: str, application: Application) -> str:
    section = sections.find(code)
    return section.url(application) if section is not None else ""
