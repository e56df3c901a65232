"""The office's verbs: the only code that changes reviews, decisions and offers."""

from admissions.actions.cases import repair_case, warn_about_clock
from admissions.actions.deciding import (
    NewCondition,
    approve_decision,
    propose_decision,
    return_decision,
)
from admissions.actions.offers import (
    LAPSE_AFTER,
    accept_offer,
    decline_offer,
    lapse_offer,
    settle_condition,
)
from admissions.actions.releasing import (
    NOT_YET,
    keep_letter,
    make_visible,
    release_decision,
    take_back_decision,
)
from admissions.actions.reviewing import (
    assign_reviewer,
    recuse,
    release_reviewer,
    save_review,
    submit_review,
)

__all__ = [
    "LAPSE_AFTER",
    "NOT_YET",
    "NewCondition",
    "accept_offer",
    "approve_decision",
    "assign_reviewer",
    "decline_offer",
    "keep_letter",
    "lapse_offer",
    "make_visible",
    "propose_decision",
    "recuse",
    "release_decision",
    "release_reviewer",
    "repair_case",
    "return_decision",
    "save_review",
    "settle_condition",
    "submit_review",
    "take_back_decision",
    "warn_about_clock",
]
