"""The applicant's verbs: the only code that changes an application."""

from applicants.actions.applications import (
    expire_draft,
    give_turn,
    start_application,
    submit_application,
    withdraw_application,
)

__all__ = [
    "expire_draft",
    "give_turn",
    "start_application",
    "submit_application",
    "withdraw_application",
]
