"""Demonstration people: they exist in the embedded default alone, with sign-ins that everybody may know."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.conf import settings

from foundation.accounts import notices, secrets, steps
from foundation.accounts.models import Person
from foundation.doors import step

PERIOD_SECONDS = 30


@step
def create_demo_person(
    email: str, full_name: str, password: str, staff: bool, *, totp_secret: str = ""
) -> Person:
    """A person who can sign in at once: address confirmed, notices accepted; staff with a second factor.

    Called again for the same address, it changes nothing and returns the person. Refuses to run where
    there is no demonstration.
    """
    _only_in_demonstration()
    existing = Person.objects.filter(email=email.lower()).first()
    if existing:
        return existing
    person = Person.objects.create_user(email, password, full_name=full_name, is_staff_member=staff)
    steps.add_verified_address(person)
    for notice in notices.awaiting_acceptance(person):
        notices.accept_notice(person, notice.code)
    if staff:
        TOTP.activate(person, totp_secret or generate_totp_secret())
    return person


def current_codes() -> dict[str, str]:
    """Email address → the code that works now, for the demonstration's staff."""
    _only_in_demonstration()
    counter = int(time.time()) // PERIOD_SECONDS
    authenticators = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__is_staff_member=True, user__is_active=True
    ).select_related("user")
    return {
        authenticator.user.email: format_hotp_value(
            hotp_value(
                secrets.decrypt(authenticator.data["secret"], purpose="second-factor"),
                counter,
            )
        )
        for authenticator in authenticators.order_by("user__email")
    }


def _only_in_demonstration() -> None:
    if not settings.DEMO:
        raise RuntimeError("demonstration people exist in the embedded default alone")
