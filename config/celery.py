"""Celery: three lanes (sign-in, bulk, documents), and beat, which only polls what is due."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    """Keep the settings' logging: Celery would install its own otherwise."""


@app.on_after_finalize.connect
def schedule_timers(sender: Celery, **kwargs: Any) -> None:
    """Give every registered timer its place in beat's static schedule."""
    import django

    django.setup()
    from foundation import timers

    sender.conf.beat_schedule = {
        timer.name: {
            "task": "foundation.run_timer",
            "schedule": timer.every,
            "args": [timer.name],
            "options": {"queue": timer.queue, "expires": timer.every.total_seconds()},
        }
        for timer in timers.all_timers()
    }
