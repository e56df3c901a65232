"""The session engine: Django's database sessions, which also know whose they are.

A signed-in session lives for SESSION_COOKIE_AGE from the sign-in, however busy it is: the absolute
lifetime is in the row's expiry, so no page needs to check it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db.models import Model

#: What a sign-in adds to the session's data: when it was, and with what browser.
STARTED_AT = "started_at"
DEVICE = "device"


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls) -> type[Model]:
        from foundation.accounts.models import PersonSession

        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> Model:
        session: Any = super().create_model_instance(data)
        session.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        if started_at := data.get(STARTED_AT):
            session.started_at = datetime.fromisoformat(started_at)
            session.device = data.get(DEVICE, "")
            ends_at = session.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
            session.expire_date = min(session.expire_date, ends_at)
        return session
