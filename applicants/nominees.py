"""The rules about referees as nominated: how many, of which kind, and with whose address.

Pure: the referees' page asks them before it saves, and the application asks them before it is
submitted.
"""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from applicants.models import Application, Nominee, NomineeKind
from applicants.sections import Problem
from applicants.told import rules_of

SECTION = "referees"
#: One person's application must not become a way to send mail to strangers.
MAX_ADDRESSES = 6

_OWN_ADDRESS = _(
    "This is your own email address. Give the address of the person who knows your work."
)
_SAME_ADDRESS = _(
    "Your other referee has this email address. Your two letters must come from two people."
)


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses most likely reach one person: case, dots and plus-tags don't count."""
    return mailbox(one) == mailbox(other)


def mailbox(address: str) -> str:
    """The mailbox an address most likely reaches, for comparing: never write to it."""
    plain = unicodedata.normalize("NFKC", address).strip().casefold()
    local, _at, domain = plain.rpartition("@")
    local = local.partition("+")[0].replace(".", "")
    domain = "gmail.com" if domain == "googlemail.com" else domain.rstrip(".")
    return f"{local}@{domain}"


def address_problem(
    address: str, *, applicant_email: str, others: Iterable[str] = ()
) -> Problem | None:
    """Why an address can't be a referee's: it is the applicant's own, or the other referee's."""
    if same_mailbox(address, applicant_email):
        return Problem("referee_own_address", _OWN_ADDRESS, SECTION)
    if any(same_mailbox(address, other) for other in others):
        return Problem("referee_same_address", _SAME_ADDRESS, SECTION)
    return None


def problems_of(
    nominees: Collection[Nominee],
    *,
    applicant_email: str,
    count: int = 2,
    academic_at_least: int = 1,
) -> list[Problem]:
    """What is wrong with the referees named so far, each thing once. `nominees` without replaced ones."""
    found: list[Problem] = []
    sentence: Any
    missing = count - len(nominees)
    if missing > 0 and nominees:
        sentence = _("Name your other referee")
        found.append(Problem("referees_missing", sentence, SECTION))
    elif missing > 0:
        sentence = ngettext_lazy("Name %(count)s referee", "Name %(count)s referees", missing) % {
            "count": missing
        }
        found.append(Problem("referees_missing", sentence, SECTION))
    for nominee in nominees:
        if same_mailbox(nominee.email, applicant_email):
            sentence = _("%(name)s has your own email address. Give the address that they read") % {
                "name": nominee.full_name
            }
            found.append(Problem("referee_own_address", sentence, SECTION))
    emails = [nominee.email for nominee in nominees]
    if any(
        same_mailbox(one, other)
        for position, one in enumerate(emails)
        for other in emails[position + 1 :]
    ):
        found.append(
            Problem(
                "referee_same_address",
                _(
                    "Both referees have the same email address. Your letters must come from two people"
                ),
                SECTION,
            )
        )
    academic = sum(nominee.kind == NomineeKind.ACADEMIC for nominee in nominees)
    # While somebody is still to be named, they may be the academic one.
    if missing <= 0 and academic < academic_at_least:
        sentence = ngettext_lazy(
            "At least %(count)s referee must be academic",
            "At least %(count)s referees must be academic",
            academic_at_least,
        ) % {"count": academic_at_least}
        found.append(Problem("referees_not_academic", sentence, SECTION))
    return found


def problems(application: Application) -> list[Problem]:
    """The problems of an application's referees. `queries.with_sections` has loaded what it needs."""
    rules = rules_of(application)
    return problems_of(
        current(application),
        applicant_email=application.applicant.email,
        count=rules.referees_count,
        academic_at_least=rules.referees_academic_at_least,
    )


def current(application: Application) -> list[Nominee]:
    """The referees as they stand, by position. No query after `queries.with_sections`."""
    return [nominee for nominee in application.nominees.all() if nominee.replaced_at is None]


def at(application: Application, position: int) -> Nominee | None:
    return next(
        (nominee for nominee in current(application) if nominee.position == position),
        None,
    )
