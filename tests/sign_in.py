"""Signed-in test clients without going through the pages, which a test of something else can skip."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from foundation.accounts.models import Person


def sign_in_as(
    client: Client,
    person: Person,
    *,
    second_factor: bool | None = None,
    seconds_ago: float = 0,
) -> Client:
    """Sign the client in. Staff have given their second factor unless told otherwise.

    `seconds_ago` is how long ago that was, for pages that ask for a fresh one.
    """
    client.force_login(person)
    if second_factor is None:
        second_factor = person.is_staff_member
    at = time.time() - seconds_ago
    records = [{"method": "password", "at": at, "email": person.email}]
    if second_factor:
        records.append({"method": "mfa", "at": at, "type": "totp"})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person)
    session.save()
    return client
