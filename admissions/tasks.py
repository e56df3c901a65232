"""Celery's way in: making letters, and making released decisions visible."""

import structlog
from celery import current_app, shared_task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

RENDER_LETTER = "admissions.render_letter"
MAKE_VISIBLE = "admissions.make_visible"
logger = structlog.get_logger("portal.admissions")


def ask_for_letter(decision_id: int) -> None:
    """Only a hint: a timer finds every decision without its letter."""
    _ask(RENDER_LETTER, decision_id, "documents")


def ask_to_make_visible(decision_id: int) -> None:
    """Only a hint: a timer finds every released decision that is due."""
    _ask(MAKE_VISIBLE, decision_id, "bulk")


def _ask(task: str, decision_id: int, queue: str) -> None:
    try:
        current_app.send_task(task, args=[decision_id], queue=queue, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("broker unreachable, a timer will do it", error=type(error).__name__)


@shared_task(name=RENDER_LETTER)
def render_letter(decision_id: int) -> None:
    from admissions.rendering import render_and_keep
    from foundation.doors import Actor

    render_and_keep(decision_id, actor=Actor.timer("decisions.letters"))


@shared_task(name=MAKE_VISIBLE)
def make_visible(decision_id: int) -> None:
    from admissions import actions
    from foundation.doors import Actor

    actions.make_visible(decision_id, actor=Actor.timer("decisions.make_visible"))
