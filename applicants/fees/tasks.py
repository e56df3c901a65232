"""Celery's way into the room."""

from celery import shared_task

from applicants.fees import actions
from applicants.models import WebhookDelivery
from foundation.doors import Actor


@shared_task(name="fees.process_delivery")
def process_delivery(delivery_id: int) -> None:
    provider = WebhookDelivery.objects.values_list("provider", flat=True).get(pk=delivery_id)
    actions.process_delivery(delivery_id, actor=Actor.provider(provider))
