"""Celery's app for worker processes in tests: the portal's own, with the tests' kinds of message."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402 (Django comes first)

from config.celery import app  # noqa: E402
from tests.foundation.notifications import note  # noqa: E402

note.install(settings)

__all__ = ["app"]
