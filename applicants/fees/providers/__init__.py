"""Payment providers behind one small interface. The card's data never touches the portal.

A provider only talks: what its answers mean for the fee is decided in `applicants.fees.actions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.conf import settings

from applicants.models import Payment, PaymentState

#: What reading an answer of an unexpected shape raises.
UNREADABLE = (ValueError, KeyError, TypeError, ArithmeticError)


class ProviderDown(Exception):
    """The provider did not answer, or not in a way we understand. Nothing is known to have changed."""


class BadWebhook(Exception):
    """A delivery that is not the provider's: wrong signature, too old, or malformed."""


@dataclass(frozen=True)
class Checkout:
    """Where the applicant pays. `reference` is the provider's own name for it."""

    reference: str
    redirect_url: str


@dataclass(frozen=True)
class Report:
    """What a provider says of one checkout. `state` is None when it says nothing that matters."""

    reference: str
    state: PaymentState | None
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Delivery:
    """A verified webhook: its id at the provider, and the report in it.

    A report without a reference is about something other than a payment.
    """

    event_id: str
    report: Report


class Provider(Protocol):
    """`origin` is where the applicant's browser is sent, for the page's content policy."""

    name: str
    origin: str

    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, description: str
    ) -> Checkout:
        """Open a checkout, or find the one opened by the same idempotency key."""

    def fetch(self, reference: str) -> Report:
        """How a checkout stands."""

    def give_up(self, reference: str) -> Report:
        """Close a checkout that nobody paid, so that nobody can. Paid already: it says so."""

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises BadWebhook for a delivery that is not the provider's, or too old."""

    def read(self, body: str) -> Delivery:
        """What a verified delivery says. Raises BadWebhook for one we can't make sense of."""


def current() -> Provider | None:
    """The provider this installation uses; none when payments are off."""
    return by_name(settings.PAYMENT_PROVIDER)


def by_name(name: str) -> Provider | None:
    if name == "sandbox" and settings.SANDBOX_URL:
        from applicants.fees.providers.sandbox import SandboxProvider

        return SandboxProvider(settings.SANDBOX_URL, settings.SANDBOX_SECRET)
    if name == "stripe" and settings.STRIPE_SECRET_KEY:
        from applicants.fees.providers.stripe import StripeProvider

        return StripeProvider(settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET)
    return None
