"""Addresses that go into messages. They come from PUBLIC_URL, never from a request."""

from django.conf import settings


def absolute(path: str) -> str:
    """The public address of a path of this portal, as returned by `reverse()`."""
    return f"{settings.PUBLIC_URL}{path}"


def is_own(url: str) -> bool:
    return url == settings.PUBLIC_URL or url.startswith(f"{settings.PUBLIC_URL}/")
