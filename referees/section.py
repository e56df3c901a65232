"""The referees' section of an application: what it lacks, and what it answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applicants import nominees
from applicants.models import Application
from applicants.sections import Group, Problem, Section
from referees.models import ReferenceRequest

CODE = "referees"


def problems(application: Application) -> list[Problem]:
    return nominees.problems(application)


def is_started(application: Application) -> bool:
    return bool(nominees.current(application))


def answers(application: Application) -> list[tuple[Any, Any]]:
    """Each referee with what the applicant said of them."""
    return [
        (
            _("First referee") if nominee.position == 1 else _("Second referee"),
            "\n".join(
                (
                    f"{nominee.full_name}, {nominee.post}, {nominee.institution}",
                    nominee.email,
                    f"{nominee.get_kind_display()}: {nominee.relationship}",
                )
            ),
        )
        for nominee in nominees.current(application)
    ]


def hint(application: Application) -> Any:
    """How far the letters are, in the second line of the task."""
    states = [
        request.status.label
        for request in ReferenceRequest.objects.filter(
            application=application, nominee__replaced_at=None
        ).order_by("nominee__position")
    ]
    return ", ".join(str(state) for state in states) or _("Two, at least one of them academic")


SECTION = Section(
    code=CODE,
    title=_("Referees"),
    group=Group.REFEREES,
    order=10,
    url_name="referees:section",
    problems=problems,
    is_started=is_started,
    answers=answers,
    hint=hint,
)
