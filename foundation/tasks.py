"""Celery's way into the timers."""

from celery import shared_task
from django.utils import timezone

from foundation import timers


@shared_task(name="foundation.run_timer")
def run_timer(name: str) -> None:
    timers.get(name).run(timezone.now(), False)
