"""The fee's section of an application. What it answers is for the applicant alone."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.fees.queries import Standing, standing_for
from applicants.models import Application
from applicants.sections import Group, Problem, Section
from foundation.ui.wording import money


def standing_of(application: Application) -> Standing:
    """The fee's standing, asked once for each loaded application."""
    found: Standing | None = getattr(application, "_fee_standing", None)
    if found is None:
        found = standing_for(application)
        application._fee_standing = found  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def problems(application: Application) -> list[Problem]:
    if standing_of(application).is_in_order(timezone.now()):
        return []
    return [Problem("fee_missing", _("Pay the application fee or ask for a waiver"), "fee")]


def is_started(application: Application) -> bool:
    return not problems(application)


def answers(application: Application) -> list[tuple[Any, Any]]:
    return [(_("Application fee"), sentence(standing_of(application), timezone.now()))]


def hint(application: Application) -> Any:
    return sentence(standing_of(application), timezone.now())


def sentence(standing: Standing, now: datetime) -> Any:
    """How the fee stands, in the applicant's words."""
    amount = money(standing.fee.amount, standing.fee.currency)
    if standing.is_settled:
        return _("Settled")
    if standing.has_undecided_waiver:
        return _("Waiver asked for: you can submit while we decide")
    if standing.has_undecided_payment:
        return _("Payment under way")
    if standing.is_in_order(now):
        return _("%(amount)s, to pay in the days left") % {"amount": amount}
    return _("%(amount)s, or a hardship waiver") % {"amount": amount}


SECTION = Section(
    code="fee",
    title=_("Application fee or hardship waiver"),
    group=Group.FEE,
    order=10,
    url_name="fees:fee",
    problems=problems,
    is_started=is_started,
    answers=answers,
    hint=hint,
)
