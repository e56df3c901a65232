"""What is due by time: reminding referees, telling applicants of silence, ending what is too late."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from foundation.doors import Actor
from foundation.timers import Timer
from referees import actions, queries, rules
from referees.models import ReferenceRequest


def _each(
    name: str,
    requests: Iterable[ReferenceRequest],
    act: Callable[..., bool],
    now: datetime,
    dry_run: bool,
) -> list[str]:
    """One door per request. Each looks again under the lock, so that what came meanwhile counts."""
    actor = Actor.timer(name)
    return [
        f"request {request.pk}"
        for request in requests
        if dry_run or act(request.pk, actor=actor, now=now)
    ]


def remind_referees(now: datetime, dry_run: bool) -> list[str]:
    return _each("referees.remind", queries.to_remind(now), actions.remind_when_due, now, dry_run)


def tell_silence(now: datetime, dry_run: bool) -> list[str]:
    return _each(
        "referees.tell_silence",
        queries.to_tell_silence(now),
        actions.tell_silence_when_due,
        now,
        dry_run,
    )


def expire_requests(now: datetime, dry_run: bool) -> list[str]:
    waiting = queries.waiting().filter(
        application__intake__closes_at__lt=now, asked_at__lt=now - rules.LEAST_TIME
    )
    return _each("referees.expire", waiting, actions.expire_request, now, dry_run)


def make_letter_pdfs(now: datetime, dry_run: bool) -> list[str]:
    """Pasted letters whose PDF was not made at once: the nudge or the worker was lost."""
    from referees.letters import make_pdf

    late = queries.letters_without_pdf().filter(sent_at__lt=now - timedelta(seconds=30))
    done = []
    for letter_id in late.values_list("pk", flat=True):
        if not dry_run:
            make_pdf(letter_id)
        done.append(f"letter {letter_id}")
    return done


ALL = (
    Timer(
        "referees.remind",
        timedelta(minutes=15),
        _("Reminds referees on days 7, 14, 21 and 28 after asking."),
        remind_referees,
    ),
    Timer(
        "referees.tell_silence",
        timedelta(minutes=15),
        _("Tells applicants on days 9 and 16 that a referee is silent."),
        tell_silence,
    ),
    Timer(
        "referees.expire",
        timedelta(hours=1),
        _("Ends requests whose time for a letter has passed."),
        expire_requests,
    ),
    Timer(
        "referees.make_letter_pdfs",
        timedelta(minutes=1),
        _("Makes the PDF of pasted letters that were not made at once."),
        make_letter_pdfs,
        queue="documents",
    ),
)
