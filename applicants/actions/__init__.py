"""The applicant's verbs: the only code that changes an application."""

from applicants.actions.applications import (
    expire_draft,
    give_turn,
    start_application,
    submit_application,
    withdraw_application,
)
from applicants.actions.files import add_file, remove_file, replace_file
from applicants.actions.nominees import name_referee
from applicants.actions.reminders import remind_of_draft
from applicants.actions.sections import (
    MAX_QUALIFICATIONS,
    remove_qualification,
    save_english,
    save_personal_details,
    save_qualification,
    save_statement,
)

__all__ = [
    "MAX_QUALIFICATIONS",
    "add_file",
    "expire_draft",
    "give_turn",
    "name_referee",
    "remind_of_draft",
    "remove_file",
    "remove_qualification",
    "replace_file",
    "save_english",
    "save_personal_details",
    "save_qualification",
    "save_statement",
    "start_application",
    "submit_application",
    "withdraw_application",
]
