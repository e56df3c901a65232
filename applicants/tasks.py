"""The room's tasks, where Celery looks for them."""

from applicants.fees.tasks import process_delivery

__all__ = ["process_delivery"]
