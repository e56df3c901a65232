"""The overview of an application: what to do, who waits for whom, when to expect an answer."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_safe

from applicants import panels, sections, timeline
from applicants.models import Application
from applicants.promise import promise_to
from applicants.sections import Group, Section, SectionStatus
from applicants.states import OPEN, ApplicationState
from applicants.steps.clock import institution_zone
from applicants.views.access import own_application
from applicants.waiting import Waiting, requirements_of
from foundation.clock.deadlines import days_left
from foundation.ui import wording
from foundation.ui.components import Progress, Row, Task

_PROGRESS = {
    SectionStatus.NOT_STARTED: Progress.TODO,
    SectionStatus.IN_PROGRESS: Progress.STARTED,
    SectionStatus.COMPLETED: Progress.DONE,
}
#: Below this order a panel stands above the tasks.
ABOVE = 100


@require_safe
@own_application
def overview(request: HttpRequest, application: Application) -> HttpResponse:
    """The task list of a draft; afterwards how far it is and what happened."""
    now = timezone.now()
    shown = list(panels.all_panels())
    context = {
        "application": application,
        "intake": application.intake,
        "programme": application.intake.programme,
        "state": application.status,
        "panels_above": _panels(request, application, now, shown, above=True),
        "panels_below": _panels(request, application, now, shown, above=False),
        "moments": timeline.moments(application, now=now),
        "may_withdraw": application.status in OPEN,
        "facts": _facts(application),
    }
    if application.is_draft:
        context |= _draft(application, now)
    else:
        context |= _after_submission(application, now)
    return render(request, "applicants/overview.html", context)


def _facts(application: Application) -> list[Row]:
    """What stands beside the page."""
    status = application.status
    tag = format_html(
        '<strong class="govuk-tag govuk-tag--{}">{}</strong>',
        status.colour,
        status.applicant_label,
    )
    rows = [Row(_("Status"), tag), Row(_("Reference"), application.reference)]
    if application.choice_rank > 1:
        rows.append(Row(_("Choice"), application.choice_rank))
    if application.submitted_at is not None:
        rows.append(Row(_("Submitted"), wording.moment(application.submitted_at)))
    if application.is_draft:
        weeks = _("%(target)s to %(limit)s weeks after everything has arrived") % {
            "target": application.intake.target_weeks,
            "limit": application.intake.limit_weeks,
        }
        rows.append(Row(_("Answer"), weeks))
    return rows


def _draft(application: Application, now: datetime) -> dict[str, Any]:
    statuses = {section.code: section.status(application) for section in sections.all_sections()}
    closes_at = application.intake.closes_at
    done = sum(status is SectionStatus.COMPLETED for status in statuses.values())
    ready = done == len(statuses)
    return {
        "groups": [(group, _tasks(application, group, statuses)) for group in _groups(statuses)],
        "submit_task": [_submit_task(application, ready, len(statuses) - done)],
        "submit_number": len(list(_groups(statuses))) + 1,
        "done": done,
        "total": len(statuses),
        "closes_at": closes_at,
        "days_left": _days_left(now, closes_at),
        "has_closed": not application.intake.is_open_at(now),
    }


def _days_left(now: datetime, closes_at: datetime | None) -> int | None:
    if closes_at is None:
        return None
    return days_left(now, closes_at, zone=institution_zone())


def _groups(statuses: dict[str, SectionStatus]) -> list[Group]:
    present = {sections.get(code).group for code in statuses}
    return [group for group in Group if group in present]


def _tasks(
    application: Application, group: Group, statuses: dict[str, SectionStatus]
) -> list[Task]:
    return [
        _task(application, section, statuses[section.code])
        for section in sections.all_sections()
        if section.group is group
    ]


def _task(application: Application, section: Section, status: SectionStatus) -> Task:
    return Task(
        name=section.title,
        progress=_PROGRESS[status],
        url=section.url(application),
        hint=section.hint(application),
    )


def _submit_task(application: Application, ready: bool, missing: int) -> Task:
    hint: Any = _("Everything is there. Read it once more and send it")
    if not ready:
        hint = ngettext_lazy(
            "%(count)s section is not complete yet",
            "%(count)s sections are not complete yet",
            missing,
        ) % {"count": missing}
    return Task(
        name=_("Check your answers and submit"),
        progress=Progress.TODO if ready else Progress.LOCKED,
        url=reverse("applicants:check", args=[application.reference]),
        hint=hint,
    )


def _after_submission(application: Application, now: datetime) -> dict[str, Any]:
    waiting = requirements_of(application)
    return {
        "requirement_tasks": [_requirement_task(one) for one in waiting]
        if application.status is ApplicationState.SUBMITTED
        else [],
        "open_requirements": [one for one in waiting if one.is_open],
        "promise": promise_to(application, now),
    }


def _requirement_task(waiting: Waiting) -> Task:
    if not waiting.is_open:
        status = _("Not needed") if waiting.is_waived else _("Done")
        return Task(name=_capital(waiting.what), progress=Progress.DONE, status=status)
    return Task(
        name=_capital(waiting.what),
        progress=Progress.WAITING,
        url=waiting.url,
        hint=waiting.explanation,
        status=waiting.holder_label,
    )


def _capital(words: Any) -> str:
    """A noun phrase as the beginning of a line."""
    text = str(words)
    return text[:1].upper() + text[1:]


def _panels(
    request: HttpRequest,
    application: Application,
    now: datetime,
    shown: list[panels.Panel],
    *,
    above: bool,
) -> list[SafeString]:
    rendered = []
    for panel in shown:
        if (panel.order < ABOVE) is not above:
            continue
        context = panel.context(application, now)
        if context is not None:
            rendered.append(
                render_to_string(panel.template, {"application": application, **context}, request)
            )
    return rendered
