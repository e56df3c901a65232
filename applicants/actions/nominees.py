"""Naming and replacing referees. The request and the letter are another room's, told by signals."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants import events, rules, signals
from applicants.models import Application, Nominee
from applicants.nominees import MAX_ADDRESSES, SECTION, address_problem
from applicants.states import EDITABLE
from applicants.steps.editing import change_row, moved_on, note, open_own, touch
from foundation.doors import Actor, Refused, door

__all__ = ["name_referee"]


@door
def name_referee(
    application_id: int,
    position: int,
    *,
    full_name: str,
    email: str,
    kind: str,
    post: str,
    institution: str,
    relationship: str,
    actor: Actor,
    now: datetime | None = None,
) -> Nominee:
    """Name the referee in place 1 or 2, correct their details, or put somebody else in their place.

    With the same address it is a correction; another address is another person, and who was named
    before stays as replaced. Possible in a draft, and after it until this letter has come. Saving
    the same again changes nothing.

    Raises Refused with a code that says which field it belongs to: `referee_own_address`,
    `referee_same_address` and `too_many_addresses` to the address; `moved_on` to none.
    """
    now = now or timezone.now()
    application = open_own(application_id, actor=actor)
    if not rules.may_replace_referee(application, position):
        raise moved_on(application)
    email = email.strip().lower()
    everybody = list(Nominee.objects.filter(application=application))
    _check_address(application, position, email, everybody)
    present = next(
        (
            nominee
            for nominee in everybody
            if nominee.position == position and nominee.replaced_at is None
        ),
        None,
    )
    is_correction = present is not None and present.email == email
    if present is not None and not is_correction:
        _replace(application, present, actor=actor, now=now)
    nominee = (
        present
        if present is not None and is_correction
        else Nominee(application=application, position=position, named_at=now)
    )
    values = {
        "full_name": full_name,
        "email": email,
        "kind": kind,
        "post": post,
        "institution": institution,
        "relationship": relationship,
    }
    if not change_row(nominee, values):
        return nominee
    if application.status in EDITABLE:
        touch(application, now=now)
    note(
        events.NOMINEE_NAMED,
        application,
        actor=actor,
        now=now,
        data={"section": SECTION, "position": position, "nominee": nominee.pk},
    )
    signals.nominee_named.send(Nominee, nominee=nominee, actor=actor, now=now)
    return nominee


def _check_address(
    application: Application, position: int, email: str, everybody: list[Nominee]
) -> None:
    others = [
        nominee.email
        for nominee in everybody
        if nominee.position != position and nominee.replaced_at is None
    ]
    problem = address_problem(email, applicant_email=application.applicant.email, others=others)
    if problem is not None:
        raise Refused(problem.code, problem.sentence)
    used = {nominee.email for nominee in everybody}
    if email not in used and len(used) >= MAX_ADDRESSES:
        raise Refused(
            "too_many_addresses",
            _(
                "You have named %(count)s different addresses, and that is as many as we accept."
                " Write to us, and we will help."
            )
            % {"count": MAX_ADDRESSES},
        )


def _replace(application: Application, nominee: Nominee, *, actor: Actor, now: datetime) -> None:
    nominee.replaced_at = now
    nominee.save(update_fields=["replaced_at"])
    note(
        events.NOMINEE_REPLACED,
        application,
        actor=actor,
        now=now,
        data={
            "section": SECTION,
            "position": nominee.position,
            "nominee": nominee.pk,
        },
    )
    signals.nominee_replaced.send(Nominee, nominee=nominee, actor=actor, now=now)
