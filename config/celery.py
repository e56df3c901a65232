"""Celery: three lanes (sign-in, bulk, documents), and beat, which only polls what is due."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_ready

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


@worker_ready.connect
def say_ready(sender: Any, **kwargs: Any) -> None:
    """The first heartbeat at once: the next start of `make run` waits for it."""
    from django.utils import timezone

    from config import health

    for queue in sender.app.amqp.queues.consume_from:
        health.beat(queue, timezone.now())


@task_prerun.connect
def bind_task(task_id: str, task: Any, args: Any, **kwargs: Any) -> None:
    """Every line that a task causes carries its id, and a delivery's the message's."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    if task.name == "notifications.deliver" and args:
        structlog.contextvars.bind_contextvars(message_id=str(args[0]))


@task_postrun.connect
def unbind_task(**kwargs: Any) -> None:
    structlog.contextvars.clear_contextvars()
