"""Addresses for mails and commands: always from PUBLIC_URL, never from a request."""

from typing import Any

from django.urls import reverse

from foundation.notifications.links import absolute


def public(url_name: str, **kwargs: Any) -> str:
    return absolute(reverse(url_name, kwargs=kwargs))
