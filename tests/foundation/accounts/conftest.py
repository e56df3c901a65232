"""People who sign in over HTTP, and the mails they get through the real outbox."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts import notices, secrets, steps
from foundation.accounts.models import Person
from foundation.notifications.actions import sweep

PASSWORD = "lantern-pebble-orbit"


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Somebody who can sign in at once."""

    def make(email: str = "amara@example.org", *, verified: bool = True, **fields: Any) -> Person:
        fields.setdefault("full_name", "Amara Okafor")
        made = Person.objects.create_user(email, PASSWORD, **fields)
        with transaction.atomic():
            if verified:
                steps.add_verified_address(made)
            for notice in notices.awaiting_acceptance(made):
                notices.accept_notice(made, notice.code)
        return made

    return make


@pytest.fixture
def staff(person: Callable[..., Person]) -> Person:
    """A member of staff with an authenticator app."""
    made = person("morwenna@example.org", full_name="Morwenna Trevelyan", is_staff_member=True)
    TOTP.activate(made, generate_totp_secret())
    return made


def code_of(person: Person, *, ahead: int = 0) -> str:
    """The code that the person's app shows; `ahead` periods later for another one that works."""
    authenticator = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    secret = secrets.decrypt(authenticator.data["secret"], purpose="second-factor")
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def sign_in_with_code(client: Client, person: Person) -> Any:
    answer = sign_in(client, person.email)
    assert answer["Location"] == reverse("mfa_authenticate")
    return client.post(reverse("mfa_authenticate"), {"code": code_of(person)})


@pytest.fixture
def delivered() -> Callable[[], list[EmailMessage]]:
    """Send what waits in the outbox, and return it."""

    def send() -> list[EmailMessage]:
        already = len(mail.outbox)
        sweep(timezone.now())
        return list(mail.outbox[already:])

    return send


def links_in(message: EmailMessage) -> list[str]:
    """The paths of the portal's links, as a browser would open them."""
    found = re.findall(r"https?://\S+", str(message.body))
    return [urlsplit(url).path for url in found]
