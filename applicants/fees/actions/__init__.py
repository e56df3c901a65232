"""The verbs about the fee: pay, ask for a waiver, decide on it."""

from applicants.fees.actions.payments import (
    check_payment,
    end_grace,
    give_up_payment,
    process_delivery,
    receive_webhook,
    start_payment,
)
from applicants.fees.actions.waivers import (
    add_waiver_evidence,
    ask_more_evidence,
    grant_waiver,
    refuse_waiver,
    request_waiver,
    withdraw_waiver,
)

__all__ = [
    "add_waiver_evidence",
    "ask_more_evidence",
    "check_payment",
    "end_grace",
    "give_up_payment",
    "grant_waiver",
    "process_delivery",
    "receive_webhook",
    "refuse_waiver",
    "request_waiver",
    "start_payment",
    "withdraw_waiver",
]
