"""Locks, after the application's: intake → application → fee → decision, offer, assignment."""

from django.utils.translation import gettext_lazy as _

from admissions.models import Assignment, Decision, Offer, OfferState
from applicants.models import Application, Fee
from foundation.doors import Refused, step
from programmes.models import Intake


@step
def lock_intake(intake_id: int) -> Intake:
    """The intake, whose places are about to be counted. Rows that point to it can still be added."""
    return Intake.objects.select_for_update(no_key=True, of=("self",)).get(pk=intake_id)


@step
def lock_fee(application: Application) -> Fee:
    """The fee that covers this application, after its lock and before a decision's."""
    return Fee.objects.select_for_update(of=("self",)).get(
        applicant_id=application.applicant_id, cycle=application.cycle
    )


@step
def lock_decision(application: Application, decision_id: int) -> Decision:
    """A decision of this application, read afresh. The caller holds the application's lock."""
    return Decision.objects.select_for_update(of=("self",)).get(
        pk=decision_id, application=application
    )


@step
def lock_live_decision(application: Application) -> Decision | None:
    return (
        Decision.objects.select_for_update(of=("self",))
        .filter(application=application, state__in=["proposed", "approved"])
        .first()
    )


@step
def lock_offer(application: Application, *states: OfferState) -> Offer:
    """The application's offer in one of these states. Raises Refused `moved_on` without one."""
    offer = (
        Offer.objects.select_for_update(of=("self",))
        .select_related("decision")
        .filter(application=application, state__in=states)
        .first()
    )
    if offer is None:
        raise Refused("moved_on", _("This offer can no longer be answered."))
    return offer


@step
def lock_assignment(application: Application, assignment_id: int) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("reviewer")
        .get(pk=assignment_id, application=application)
    )
