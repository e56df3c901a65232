"""`manage.py check --deploy` names settings that contradict each other."""

import pytest
from pytest_django.fixtures import Settings

from config.checks import fit_for_the_public


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.DEMO = False
    settings.PUBLIC_URL = "https://apply.example.ac.uk"
    settings.TRUSTED_PROXIES = 1
    settings.APP_ROLE, settings.OWNER_ROLE = "portal_app", "portal_owner"
    settings.PAYMENT_PROVIDER = "stripe"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def test_a_production_configuration_is_clean(production: Settings) -> None:
    assert fit_for_the_public() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DEMO", True, "config.W001"),
        ("PUBLIC_URL", "http://apply.example.ac.uk", "config.E001"),
        ("TRUSTED_PROXIES", 0, "config.E002"),
        ("OWNER_ROLE", "portal_app", "config.E003"),
        ("OWNER_ROLE", "", "config.E003"),
        ("PAYMENT_PROVIDER", "sandbox", "config.E004"),
        ("EMAIL_BACKEND", "foundation.notifications.mailbox.MailboxBackend", "config.E005"),
    ],
)
def test_a_contradiction_is_named(
    production: Settings, name: str, value: object, code: str
) -> None:
    setattr(production, name, value)
    assert [message.id for message in fit_for_the_public()] == [code]
