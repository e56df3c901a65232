"""Files in a folder of each test's own; scanning is off unless a test has a scanner."""

import pytest

from config import environment
from tests.foundation.documents.conftest import fake_clamd

__all__ = ["fake_clamd"]


@pytest.fixture(autouse=True)
def _storage_folder(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": environment.storage((tmp_path / "files").as_uri()),
    }
    settings.CLAMD_SOCKET = "off"
