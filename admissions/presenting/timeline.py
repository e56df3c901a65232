"""What happened to a file, as staff read it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from admissions import queries
from applicants.models import Application, RequirementKind
from applicants.sections import find
from foundation.doors import ActorKind
from foundation.history import kinds
from foundation.history.kinds import Audience
from foundation.history.models import Event
from foundation.history.queries import timeline
from foundation.ui.components import Moment

#: More than a file's ordinary way has, so that one page and one query do.
EVENTS_SHOWN = 80


def moments_of(application: Application, *, audience: Audience, now: datetime) -> list[Moment]:
    """Newest first, for one audience. Two queries: the events, and the names of who acted."""
    events = list(timeline(application.public_id, audience=audience, now=now)[:EVENTS_SHOWN])
    people = {event.actor_id for event in events if event.actor_kind == ActorKind.PERSON}
    names = queries.names(pk for pk in people if pk is not None)
    return [
        Moment(
            at=event.at,
            what=_sentence(event),
            who=_who(event, application, names),
            text=_text(event),
        )
        for event in events
    ]


def _sentence(event: Event) -> Any:
    sentence = kinds.get(event.kind).sentence
    detail = _detail(event)
    return f"{sentence} {detail}" if detail else sentence


def _detail(event: Event) -> str:
    """What the sentence is about, where the event's codes say more."""
    if event.kind.startswith("application.requirement"):
        return f"({RequirementKind(event.data['kind']).label})"
    if event.kind == "application.section_saved":
        section = find(str(event.data.get("section")))
        return f"({section.title})" if section is not None else ""
    return ""


def _who(event: Event, application: Application, names: dict[int, str]) -> str:
    if event.actor_kind == ActorKind.PERSON and event.actor_id is not None:
        name = names.get(event.actor_id, _("somebody"))
        if event.actor_id == application.applicant_id:
            return _("%(name)s, applicant") % {"name": name}
        if event.acting_for_id is not None:
            return _("%(name)s for the applicant") % {"name": name}
        return name
    if event.actor_kind == ActorKind.REFEREE:
        return _("a referee")
    return _("by time") if event.actor_kind == ActorKind.TIMER else _("the portal")


def _text(event: Event) -> str:
    text = getattr(event, "text", None)
    return text.body if text is not None else ""
