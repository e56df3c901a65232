"""What the applicant's overview shows of this room: that there is a decision, once it is visible."""

from datetime import datetime
from typing import Any

from admissions import queries
from admissions.models import OfferState
from applicants.models import Application
from applicants.panels import Panel
from applicants.states import ANSWERED


def _decision(application: Application, now: datetime) -> dict[str, Any] | None:
    """Nothing before a decision is visible, and no query then."""
    if application.status not in ANSWERED:
        return None
    decision = queries.visible_decision(application, now)
    if decision is None:
        return None
    offer = getattr(decision, "offer", None)
    waits = offer is not None and offer.state == OfferState.LIVE and now <= offer.reply_by_at
    reply_by_at = offer.reply_by_at if waits and offer is not None else None
    return {"application": application, "reply_by_at": reply_by_at}


DECISION = Panel(code="decision", order=10, template="admissions/panel.html", context=_decision)
