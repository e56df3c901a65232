"""What the account does by time alone."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import PersonSession
from foundation.timers import Timer


def forget_expired_sessions(now: datetime, dry_run: bool) -> list[str]:
    """Expired sessions count for nothing; this takes their rows away."""
    expired = PersonSession.objects.filter(expire_date__lte=now)
    count = expired.count() if dry_run else expired.delete()[0]
    return [f"{count} expired sessions"] if count else []


ALL = (
    Timer(
        name="forget_expired_sessions",
        every=timedelta(days=1),
        description=_("Takes away sessions that have expired."),
        run=forget_expired_sessions,
    ),
)
