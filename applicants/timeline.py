"""What happened to an application, as its applicant reads it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applicants import events, sections
from applicants.models import Application, RequirementKind
from applicants.nominees import at as nominee_at
from applicants.nominees import current
from foundation.doors import ActorKind
from foundation.history import kinds
from foundation.history.kinds import Audience
from foundation.history.models import Event
from foundation.history.queries import timeline
from foundation.ui.components import Moment

#: More than the ordinary way of an application has, so that one page and one query do.
EVENTS_SHOWN = 60
SAID_BY_THEIR_OWN_EVENTS = (
    RequirementKind.OWN_PART,
    RequirementKind.FEE,
    RequirementKind.LETTER_1,
    RequirementKind.LETTER_2,
)
FILLING_IN = (
    events.SECTION_SAVED.code,
    events.FILE_ADDED.code,
    events.FILE_REMOVED.code,
    events.NOMINEE_NAMED.code,
)


def moments(application: Application, *, now: datetime) -> list[Moment]:
    """Newest first. Saving a section again and again is told once, the last time. One query."""
    found = timeline(application.public_id, audience=Audience.APPLICANT, now=now)
    return [
        Moment(
            at=event.at,
            what=_sentence(application, event),
            who=_who(application, event),
            text=_text(event),
        )
        for event in _worth_telling(found[:EVENTS_SHOWN], application.submitted_at is not None)
    ]


def _worth_telling(found: Iterable[Event], is_submitted: bool) -> Iterable[Event]:
    """Without repetition; once it is submitted, without how it was filled in."""
    seen = set()
    for event in found:
        if event.kind == events.SECTION_SAVED.code:
            section = event.data.get("section")
            if section in seen:
                continue
            seen.add(section)
        if _is_said_by_another(event) or (is_submitted and event.kind in FILLING_IN):
            continue
        yield event


def _is_said_by_another(event: Event) -> bool:
    """What was submitted, paid or sent has a line of its own beside the requirement it meets."""
    is_requirement = event.kind in (events.REQUIREMENT_MET.code, events.REQUIREMENT_OPENED.code)
    return is_requirement and event.data.get("kind") in SAID_BY_THEIR_OWN_EVENTS


def _sentence(application: Application, event: Event) -> Any:
    data = event.data
    if event.kind == events.SECTION_SAVED.code:
        section = sections.find(str(data.get("section")))
        if section is not None:
            return _("Saved: %(section)s") % {"section": section.title}
    if event.kind == events.REQUIREMENT_MET.code:
        return _("Arrived or done: %(what)s") % {"what": _what(application, data)}
    if event.kind == events.REQUIREMENT_OPENED.code:
        return _("Needed: %(what)s") % {"what": _what(application, data)}
    if event.kind == events.REQUIREMENT_WAIVED.code:
        return _("No longer needed: %(what)s") % {"what": _what(application, data)}
    kind = kinds.get(event.kind)
    sentence = kind.applicant_sentence or kind.sentence
    return _naming_the_referee(application, sentence, data.get("nominee"))


def _naming_the_referee(application: Application, sentence: Any, nominee_id: int | None) -> Any:
    """Without a name, what both referees did would read the same. Who was replaced is not named."""
    nominee = next((row for row in current(application) if row.pk == nominee_id), None)
    return sentence if nominee is None else f"{nominee.full_name}: {sentence}"


def _what(application: Application, data: dict[str, Any]) -> Any:
    kind = RequirementKind(data["kind"])
    positions = {RequirementKind.LETTER_1: 1, RequirementKind.LETTER_2: 2}
    if kind in positions:
        nominee = nominee_at(application, positions[kind])
        if nominee is not None:
            return _("%(name)s’s letter") % {"name": nominee.full_name}
    return kind.label


def _who(application: Application, event: Event) -> Any:
    if event.actor_kind == ActorKind.REFEREE:
        return _("your referee")
    if event.actor_kind != ActorKind.PERSON:
        return ""
    if event.actor_id == application.applicant_id:
        return _("you")
    if event.acting_for_id is not None:
        return _("the admissions office, for you")
    return _("the admissions office")


def _text(event: Event) -> str:
    text = getattr(event, "text", None)
    return text.body if text is not None else ""
