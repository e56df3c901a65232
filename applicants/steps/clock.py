"""The review clock: started, paused, resumed, stopped. The arithmetic is in `foundation.clock`."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from applicants import events, signals
from applicants.models import Application, ClockPause, PauseReason, ReviewClock
from foundation.clock.deadlines import deadline, paused_length
from foundation.doors import Actor, step
from foundation.history.steps import record


def institution_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def dates(
    completed_at: datetime,
    *,
    target_weeks: int,
    limit_weeks: int,
    paused: timedelta = timedelta(),
) -> tuple[datetime, datetime]:
    """Target and limit of a file complete at `completed_at` whose clock stood still for `paused`."""
    zone = institution_zone()
    return (
        deadline(completed_at, zone=zone, weeks=target_weeks, paused=paused),
        deadline(completed_at, zone=zone, weeks=limit_weeks, paused=paused),
    )


@step
def start_or_resume(
    application: Application, *, completed_at: datetime, actor: Actor, now: datetime
) -> ReviewClock:
    """Start the clock by the intake's rule. A reinstated file's clock goes on where it stood."""
    existing = ReviewClock.objects.filter(application=application).first()
    if existing is not None:
        for reason in PauseReason:
            resume(application, reason, actor=actor, now=now)
        existing.refresh_from_db()
        return existing
    intake = application.intake
    target_at, limit_at = dates(
        completed_at, target_weeks=intake.target_weeks, limit_weeks=intake.limit_weeks
    )
    review_clock = ReviewClock.objects.create(
        application=application,
        completed_at=completed_at,
        target_weeks=intake.target_weeks,
        limit_weeks=intake.limit_weeks,
        rule_source=f"intake {intake.reference}",
        target_at=target_at,
        limit_at=limit_at,
    )
    signals.clock_changed.send(
        ReviewClock, application=application, clock=review_clock, actor=actor, now=now
    )
    return review_clock


@step
def pause(application: Application, reason: PauseReason, *, actor: Actor, now: datetime) -> None:
    """Let the clock stand still. Without a running clock, or paused for this already: nothing."""
    review_clock = _running_or_paused(application)
    if review_clock is None:
        return
    _, created = ClockPause.objects.get_or_create(
        clock=review_clock, reason=reason, to_at=None, defaults={"from_at": now}
    )
    if not created:
        return
    if review_clock.paused_at is None:
        review_clock.paused_at = now
        review_clock.save(update_fields=["paused_at"])
    record(
        events.CLOCK_PAUSED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"reason": reason.value},
    )
    signals.clock_changed.send(
        ReviewClock, application=application, clock=review_clock, actor=actor, now=now
    )


@step
def resume(application: Application, reason: PauseReason, *, actor: Actor, now: datetime) -> None:
    """End the pause for one reason. When it was the last, both dates move by the time stood still."""
    review_clock = _running_or_paused(application)
    if review_clock is None:
        return
    ended = ClockPause.objects.filter(clock=review_clock, reason=reason, to_at=None).update(
        to_at=now
    )
    if not ended:
        return
    pauses = list(review_clock.pauses.values_list("from_at", "to_at"))
    if all(to_at is not None for _, to_at in pauses):
        review_clock.paused_at = None
        review_clock.target_at, review_clock.limit_at = dates(
            review_clock.completed_at,
            target_weeks=review_clock.target_weeks,
            limit_weeks=review_clock.limit_weeks,
            paused=paused_length(pauses, until=now),
        )
        review_clock.save(update_fields=["paused_at", "target_at", "limit_at"])
    record(
        events.CLOCK_RESUMED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"reason": reason.value},
    )
    signals.clock_changed.send(
        ReviewClock, application=application, clock=review_clock, actor=actor, now=now
    )


@step
def stop(application: Application, *, actor: Actor, now: datetime) -> None:
    """The decision is visible: the promise is kept or broken, and no longer moves."""
    review_clock = _running_or_paused(application)
    if review_clock is None:
        return
    review_clock.pauses.filter(to_at=None).update(to_at=now)
    review_clock.paused_at = None
    review_clock.stopped_at = now
    review_clock.save(update_fields=["paused_at", "stopped_at"])
    record(events.CLOCK_STOPPED, stream=application.public_id, actor=actor, at=now)
    signals.clock_changed.send(
        ReviewClock, application=application, clock=review_clock, actor=actor, now=now
    )


def _running_or_paused(application: Application) -> ReviewClock | None:
    return (
        ReviewClock.objects.select_for_update()
        .filter(application=application, stopped_at=None)
        .first()
    )
