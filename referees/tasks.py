"""Celery's way into the room."""

from celery import shared_task

from referees import letters


@shared_task(name="referees.make_letter_pdf")
def make_letter_pdf(letter_id: int) -> None:
    letters.make_pdf(letter_id)
