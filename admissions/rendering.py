"""From a decision to its letter as PDF. Slow, so no lock is held while it is made."""

from admissions import actions, letters
from admissions.models import Decision, DecisionState
from foundation.documents.pdf import render_pdf
from foundation.doors import Actor

TEMPLATE = "admissions/pdf/letter.html"


def letter_pdf(decision: Decision) -> bytes:
    """The letter's bytes. A decision never changes after its proposal, so neither do they."""
    return render_pdf(TEMPLATE, letters.context_of(decision))


def render_and_keep(decision_id: int, *, actor: Actor) -> bool:
    """Make and keep the letter of an approved decision, unless it is there already."""
    decision = (
        Decision.objects.filter(pk=decision_id, state=DecisionState.APPROVED, letter=None)
        .select_related(
            "application__intake__programme",
            "application__applicant",
            "application__personal_details",
        )
        .prefetch_related("conditions")
        .first()
    )
    if decision is None:
        return False
    return actions.keep_letter(decision.pk, letter_pdf(decision), actor=actor)
