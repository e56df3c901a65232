"""What the office does by time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from admissions import actions, messages, queries, rendering
from admissions.models import Offer, OfferState, ReviewCase
from admissions.steps.cases import describe
from applicants.models import Application, ReviewClock
from applicants.steps.clock import institution_zone
from foundation.clock.deadlines import days_left
from foundation.doors import Actor, door
from foundation.notifications.steps import enqueue
from foundation.timers import Timer

#: What one run takes at most; the rest waits a minute.
AT_ONCE = 200
BATCH = 500


def make_letters(now: datetime, dry_run: bool) -> list[str]:
    actor = Actor.timer("decisions.letters")
    return [
        f"letter of decision {pk}"
        for pk in list(queries.without_letter().values_list("pk", flat=True)[:AT_ONCE])
        if dry_run or rendering.render_and_keep(pk, actor=actor)
    ]


def make_decisions_visible(now: datetime, dry_run: bool) -> list[str]:
    actor = Actor.timer("decisions.make_visible")
    return [
        f"decision {pk} is visible"
        for pk in list(queries.due_for_release(now).values_list("pk", flat=True)[:AT_ONCE])
        if dry_run or actions.make_visible(pk, actor=actor, now=now)
    ]


def lapse_offers(now: datetime, dry_run: bool) -> list[str]:
    actor = Actor.timer("offers.lapse")
    due = queries.live_offers().filter(reply_by_at__lt=now - actions.LAPSE_AFTER)
    return [
        f"offer {pk} lapsed"
        for pk in list(due.values_list("pk", flat=True)[:AT_ONCE])
        if dry_run or actions.lapse_offer(pk, actor=actor, now=now)
    ]


def remind_of_offers(now: datetime, dry_run: bool) -> list[str]:
    zone = institution_zone()
    last = now + timedelta(days=max(messages.REMINDER_DAYS) + 1)
    done = []
    for offer in queries.live_offers().filter(reply_by_at__range=(now, last)):
        left = days_left(now, offer.reply_by_at, zone=zone)
        due = [days for days in sorted(messages.REMINDER_DAYS) if left <= days]
        if not due:
            continue
        if not dry_run:
            remind_of_offer(offer.pk, due[0], actor=Actor.timer("offers.remind"))
        done.append(f"offer {offer.pk}: {due[0]} days left")
    return done


@door
def remind_of_offer(offer_id: int, days: int, *, actor: Actor) -> None:
    """Queue one reminder; the same one is never queued twice."""
    offer = Offer.objects.select_related("application__applicant").get(pk=offer_id)
    if offer.state != OfferState.LIVE:
        return
    enqueue(
        messages.OFFER_REMINDER,
        recipient=offer.application.applicant.email,
        context={"offer": offer.pk},
        dedupe_key=f"offer.reminder:{offer.pk}:{offer.reply_by_at:%Y%m%d}:{days}",
    )


def warn_about_clocks(now: datetime, dry_run: bool) -> list[str]:
    """A week before the target, at the target, at the limit: once each."""
    running = ReviewClock.objects.filter(stopped_at=None, paused_at=None)
    week = timedelta(days=7)
    marks: tuple[tuple[str, QuerySet[ReviewClock]], ...] = (
        ("week_before", running.filter(target_at__range=(now, now + week))),
        ("target", running.filter(target_at__lt=now, limit_at__gte=now)),
        ("limit", running.filter(limit_at__lt=now)),
    )
    actor = Actor.timer("clock.warn")
    done = []
    for mark, clocks in marks:
        for pk in clocks.values_list("application_id", flat=True).iterator(chunk_size=BATCH):
            told = 1 if dry_run else actions.warn_about_clock(pk, mark, actor=actor, now=now)
            if told:
                done.append(f"application {pk}: {mark}")
    return done


def compare_cases(now: datetime, dry_run: bool) -> list[str]:
    """Find queue rows that don't say what is true, report them, and write them anew."""
    actor = Actor.timer("queue.compare")
    done = []
    for application in _submitted():
        wrong = _differences(application, now)
        if wrong:
            if not dry_run:
                actions.repair_case(application.pk, actor=actor, now=now)
            done.append(f"application {application.pk}: {', '.join(wrong)}")
    return done


def _submitted() -> Iterable[Application]:
    return (
        Application.objects.filter(submitted_at__isnull=False)
        .select_related("intake", "applicant")
        .order_by("pk")
        .iterator(chunk_size=BATCH)
    )


def _differences(application: Application, now: datetime) -> list[str]:
    row = ReviewCase.objects.filter(application=application).first()
    if row is None:
        return ["missing"]
    facts = describe(application, now)
    return [name for name, value in facts.items() if getattr(row, name) != value]


ALL = (
    Timer(
        name="decisions.letters",
        every=timedelta(minutes=1),
        description=_("Make the letters of approved decisions that have none yet."),
        run=make_letters,
        queue="documents",
    ),
    Timer(
        name="decisions.make_visible",
        every=timedelta(minutes=1),
        description=_("Make released decisions visible, one transaction for each application."),
        run=make_decisions_visible,
    ),
    Timer(
        name="offers.lapse",
        every=timedelta(minutes=10),
        description=_("End offers whose time to reply has passed. An officer can renew them."),
        run=lapse_offers,
    ),
    Timer(
        name="offers.remind",
        every=timedelta(hours=6),
        description=_("Remind applicants 7 days and 1 day before the time to reply ends."),
        run=remind_of_offers,
    ),
    Timer(
        name="clock.warn",
        every=timedelta(hours=6),
        description=_("Warn the office a week before a target, at the target, at the limit."),
        run=warn_about_clocks,
    ),
    Timer(
        name="queue.compare",
        every=timedelta(hours=24),
        description=_("Compare the queue’s rows with what is true, report and repair them."),
        run=compare_cases,
    ),
)
