"""Opening an application for its applicant to change: locked, theirs, and still a draft."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applicants import events, messages, rules
from applicants.models import Application
from applicants.states import EDITABLE
from applicants.steps.locks import lock_application
from foundation.doors import Actor, Refused, step
from foundation.history.kinds import EventKind
from foundation.history.steps import Code, record


@step
def open_for_editing(application_id: int, *, actor: Actor) -> Application:
    """The draft, locked. Raises Refused `moved_on` when it is none any more, or `not_allowed`."""
    application = open_own(application_id, actor=actor)
    if application.status not in EDITABLE:
        raise moved_on(application)
    return application


@step
def open_own(application_id: int, *, actor: Actor) -> Application:
    """The application in whatever state, locked, for its applicant or staff who act for them."""
    application = lock_application(application_id)
    if not rules.acts_as_applicant(actor, application):
        raise Refused("not_allowed", _("You are not allowed to do this."))
    return application


def moved_on(application: Application) -> Refused:
    """The refusal of a change that comes too late."""
    sentence: Any
    if application.submitted_at is not None:
        sentence = _(
            "You have submitted this application, so its answers can’t be changed any more. Nothing"
            " was changed."
        )
    else:
        sentence = _("This application can’t be changed any more: it is now “%(state)s”.") % {
            "state": application.status.applicant_label
        }
    return Refused("moved_on", sentence, state=application.state)


@step
def note_saved(
    application: Application, section: str, *, actor: Actor, now: datetime, change: str
) -> None:
    """Remember that a section was changed, and when the draft was last worked on."""
    touch(application, now=now)
    note(
        events.SECTION_SAVED,
        application,
        actor=actor,
        now=now,
        data={"section": section, "change": change},
    )


@step
def note(
    kind: EventKind,
    application: Application,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, Code | list[str]],
) -> None:
    """Write the event of a change to the applicant's part; who staff acted for is told."""
    event = record(kind, stream=application.public_id, actor=actor, at=now, data=data)
    messages.tell_if_acted_for(application, event, actor=actor)


@step
def touch(application: Application, *, now: datetime) -> None:
    application.edited_at = now
    application.save(update_fields=["edited_at"])


@step
def change_row(row: Any, values: dict[str, Any]) -> bool:
    """Give a row these values and save what differs. False when nothing does."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if row._state.adding:  # noqa: SLF001 (Django documents it)
        row.save(force_insert=True)
        return True
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
