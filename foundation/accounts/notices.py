"""The legal notices, their versions, and who has accepted which.

A new version of a notice that people accept asks each of them again at their next sign-in.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import NoticeAcceptance, Person
from foundation.doors import step


@dataclass(frozen=True)
class Notice:
    """`version` is the day its words were last changed. `accepted_by_applicants`: at sign-up."""

    code: str
    version: str
    title: Any
    url_name: str
    accepted_by_applicants: bool = False

    @property
    def changed_on(self) -> date:
        return date.fromisoformat(self.version)


PRIVACY = Notice(
    "privacy",
    "2026-11-01",
    _("Privacy notice"),
    "accounts:privacy",
    accepted_by_applicants=True,
)
TERMS = Notice("terms", "2026-11-01", _("Terms of use"), "accounts:terms")
ACCESSIBILITY = Notice(
    "accessibility",
    "2026-11-01",
    _("Accessibility statement"),
    "accounts:accessibility",
)
COOKIES = Notice("cookies", "2026-11-01", _("Cookies"), "accounts:cookies")
REFEREE = Notice(
    "referee", "2026-11-01", _("Privacy notice for referees"), "accounts:referee_notice"
)

NOTICES: dict[str, Notice] = {
    notice.code: notice for notice in (PRIVACY, TERMS, ACCESSIBILITY, COOKIES, REFEREE)
}


@step
def accept_notice(person: Person, code: str, *, now: datetime | None = None) -> None:
    """Keep that this person accepted the notice as it stands. Accepting twice changes nothing."""
    NoticeAcceptance.objects.get_or_create(
        person=person,
        notice=code,
        version=NOTICES[code].version,
        defaults={"accepted_at": now or timezone.now()},
    )


def awaiting_acceptance(person: Person) -> list[Notice]:
    """The notices whose present version this person has yet to accept. Staff accept none here."""
    if person.is_staff_member:
        return []
    accepted = set(NoticeAcceptance.objects.filter(person=person).values_list("notice", "version"))
    return [
        notice
        for notice in NOTICES.values()
        if notice.accepted_by_applicants and (notice.code, notice.version) not in accepted
    ]
