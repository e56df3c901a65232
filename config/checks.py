"""What `manage.py check --deploy` looks at beyond Django's own: settings that contradict each other."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks


def register_checks() -> None:
    checks.register(fit_for_the_public, checks.Tags.security, deploy=True)


def fit_for_the_public(**kwargs: Any) -> list[checks.CheckMessage]:
    """Errors for a configuration that would lose money, mail or history without anybody noticing."""
    if settings.DEMO:
        return [
            checks.Warning(
                "This is the embedded default: a demonstration, not for the public.",
                hint="docs/operations.md lists what to set.",
                id="config.W001",
            )
        ]
    found: list[checks.CheckMessage] = []
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        found.append(checks.Error("PUBLIC_URL must begin with https://.", id="config.E001"))
    elif not settings.TRUSTED_PROXIES:
        found.append(
            checks.Error(
                "PUBLIC_URL is https, and no proxy is trusted to say so: every page would redirect "
                "to itself.",
                hint="Set TRUSTED_PROXIES to the number of proxies in front of the portal.",
                id="config.E002",
            )
        )
    if not settings.OWNER_ROLE or settings.OWNER_ROLE == settings.APP_ROLE:
        found.append(
            checks.Error(
                "The portal's database role owns its tables, and so could rewrite history.",
                hint="Set DATABASE_OWNER_URL to another role than DATABASE_URL.",
                id="config.E003",
            )
        )
    if settings.PAYMENT_PROVIDER not in {"stripe", "off"}:
        found.append(
            checks.Error(
                "PAYMENT_PROVIDER must be stripe or off: the sandbox takes no money.",
                id="config.E004",
            )
        )
    if "smtp" not in settings.EMAIL_BACKEND and "anymail" not in settings.EMAIL_BACKEND:
        found.append(
            checks.Error("EMAIL_URL names no service that delivers mail.", id="config.E005")
        )
    return found
