"""The session engine: Django's database sessions, which also know whose they are.

A signed-in session lives for SESSION_COOKIE_AGE from the sign-in, however busy it is: the absolute
lifetime is in the row's expiry, so no page needs to check it. What a session holds is encrypted: while
somebody sets up a second factor, its secret waits here.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession

from foundation.accounts.secrets import InvalidToken, decrypt, encrypt

#: What a sign-in adds to the session's data: when it was, and with what browser.
STARTED_AT = "started_at"
DEVICE = "device"

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from foundation.accounts.models import PersonSession

        return PersonSession

    def encode(self, session_dict: dict[str, Any]) -> str:
        return encrypt(super().encode(session_dict), purpose="session")

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """A session that can't be read, after a change of SECRET_KEY, is an empty one."""
        text = session_data.decode() if isinstance(session_data, bytes) else session_data
        try:
            return super().decode(decrypt(text, purpose="session"))
        except InvalidToken:
            return {}

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session: Any = super().create_model_instance(data)
        session.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        if started_at := data.get(STARTED_AT):
            session.started_at = datetime.fromisoformat(started_at)
            session.device = data.get(DEVICE, "")
            ends_at = session.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
            session.expire_date = min(session.expire_date, ends_at)
        return session


def describe_device(user_agent: str) -> str:
    """A browser and its system in words, such as "Firefox on Windows". Nothing else is kept."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}/", user_agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " on ".join(part for part in (browser, system) if part)
