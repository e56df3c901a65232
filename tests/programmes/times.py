"""Moments for tests."""

from datetime import UTC, datetime


def at(text: str) -> datetime:
    """A moment in UTC: `at("2027-01-10 12:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
