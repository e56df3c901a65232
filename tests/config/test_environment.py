"""A portal is either complete or does not start; with nothing set it brings its own services."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.embedded import ports, values
from config.embedded.memory import remember, remembered

COMPLETE = {
    "SECRET_KEY": "x" * 50,
    "PUBLIC_URL": "https://apply.example.ac.uk",
    "DATABASE_URL": "postgres://portal_app:secret@database.example/portal",
    "REDIS_URL": "redis://:secret@redis.example:6379/0",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example:587",
    "EMAIL_FROM": "admissions@example.ac.uk",
    "PAYMENT_PROVIDER": "off",
    "STORAGE_URL": "s3://documents?region=eu-west-2",
    "CLAMD_SOCKET": "off",
}


def test_a_complete_environment_is_taken_as_it_is() -> None:
    assert environment.complete(COMPLETE) == COMPLETE


@pytest.mark.parametrize("given", environment.EXTERNAL)
def test_one_external_service_asks_for_all_and_names_each(given: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.complete({given: "anything"})
    missing = [name for name in environment.REQUIRED if name != given]
    assert [name for name in missing if f"{name}: " not in str(refusal.value)] == []
    assert f"{given}: " not in str(refusal.value)


def test_scanning_and_payment_can_be_off_but_not_forgotten() -> None:
    without = {name: value for name, value in COMPLETE.items() if name != "CLAMD_SOCKET"}
    with pytest.raises(ImproperlyConfigured, match=r"CLAMD_SOCKET: .* or off"):
        environment.complete(without)


def test_stripe_needs_its_keys() -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.complete({**COMPLETE, "PAYMENT_PROVIDER": "stripe"})
    assert "STRIPE_SECRET_KEY" in str(refusal.value)
    assert "STRIPE_WEBHOOK_SECRET" in str(refusal.value)


def test_nothing_set_brings_every_value_that_a_real_installation_must_give(tmp_path: Path) -> None:
    brought = values(tmp_path)
    assert [name for name in environment.REQUIRED if not brought.get(name)] == []
    assert brought["PAYMENT_PROVIDER"] == "sandbox"


def test_secrets_are_random_private_and_remembered(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    first = values(here)
    assert values(here) == first
    others = values(there)
    secrets = ("SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SANDBOX_SECRET")
    assert [name for name in secrets if first[name] == others[name]] == []
    assert stat.S_IMODE((here / "embedded.json").stat().st_mode) == 0o600


def test_the_port_is_the_given_one_or_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert values(tmp_path)["PUBLIC_URL"] == "http://127.0.0.1:8000"
    remember(tmp_path, web_port=8123)
    assert values(tmp_path)["PUBLIC_URL"] == "http://127.0.0.1:8123"
    monkeypatch.setenv("PORT", "8200")
    assert values(tmp_path)["PUBLIC_URL"] == "http://127.0.0.1:8200"


def test_its_three_ports_differ_and_are_free(tmp_path: Path) -> None:
    memory = remembered(tmp_path)
    found = {memory.postgres_port, memory.redis_port, memory.sandbox_port}
    assert len(found) == 3
    assert all(ports.is_free(port) for port in found)


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("file:///srv/documents", "django.core.files.storage.FileSystemStorage"),
        ("s3://documents?region=eu-west-2", "storages.backends.s3.S3Storage"),
    ],
)
def test_storage_is_a_folder_or_a_bucket(url: str, backend: str) -> None:
    assert environment.storage(url)["BACKEND"] == backend


def test_storage_elsewhere_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        environment.storage("ftp://documents")
