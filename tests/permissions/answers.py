"""What a page may answer, and which answer each audience expects for each kind of person."""

import enum
from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import reverse

from programmes.roles import Role
from tests.permissions.people import Family, Kind


class Answer(enum.Enum):
    """The answers that the table tells apart."""

    IN = "let in"
    SIGN_IN = "led to the sign-in"
    SECOND_FACTOR = "led to the second factor"
    ELSEWHERE = "led elsewhere"
    FORBIDDEN = "403"
    NOT_THERE = "404"
    WRONG_METHOD = "405"
    REFUSED = "409"
    GONE = "410"
    BAD = "400"
    BROKEN = "broken"


_BY_STATUS = {
    200: Answer.IN,
    204: Answer.IN,
    400: Answer.BAD,
    403: Answer.FORBIDDEN,
    404: Answer.NOT_THERE,
    405: Answer.WRONG_METHOD,
    409: Answer.REFUSED,
    410: Answer.GONE,
}
#: Whoever gets one of these was let in: what follows depends on what they sent.
INSIDE = (Answer.IN, Answer.ELSEWHERE, Answer.REFUSED, Answer.BAD, Answer.GONE)


def answer_of(response: HttpResponseBase) -> Answer:
    if response.status_code != 302:
        return _BY_STATUS.get(response.status_code, Answer.BROKEN)
    path = response["Location"].split("?")[0]
    if path == reverse("account_login"):
        return Answer.SIGN_IN
    if path in (reverse("mfa_reauthenticate"), reverse("mfa_activate_totp")):
        return Answer.SECOND_FACTOR
    return Answer.ELSEWHERE


Audience = Callable[[Kind], Answer]


def everybody(kind: Kind) -> Answer:
    return Answer.IN


def led_on(kind: Kind) -> Answer:
    """An address that only ever leads to another one."""
    return Answer.ELSEWHERE


def signed_in(kind: Kind) -> Answer:
    return Answer.IN if kind.is_signed_in else Answer.SIGN_IN


def signed_in_led_on(kind: Kind) -> Answer:
    return Answer.ELSEWHERE if kind.is_signed_in else Answer.SIGN_IN


def with_app(kind: Kind) -> Answer:
    """About one's authenticator app: it has to be there, and to have been used moments ago."""
    if not kind.is_signed_in:
        return Answer.SIGN_IN
    if not kind.has_app:
        return Answer.NOT_THERE
    return Answer.SECOND_FACTOR if kind.is_stale or kind.lacks_second_factor else Answer.IN


def proved_recently(kind: Kind) -> Answer:
    """Who has an app has to have used it moments ago; for others the password counts."""
    return with_app(kind) if kind.has_app else signed_in(kind)


def without_app(kind: Kind) -> Answer:
    found = proved_recently(kind)
    return Answer.ELSEWHERE if found is Answer.IN and kind.has_app else found


def asked_for_password(kind: Kind) -> Answer:
    """A password alone is not enough for whoever has an app."""
    return Answer.SECOND_FACTOR if kind.has_app else signed_in(kind)


def asked_for_code(kind: Kind) -> Answer:
    """The page that asks for a code of the app; without an app there is nothing to ask for."""
    if not kind.is_signed_in:
        return Answer.SIGN_IN
    return Answer.IN if kind.has_app else Answer.ELSEWHERE


def not_signed_in(kind: Kind) -> Answer:
    """Pages for getting in: whoever is in already goes on to their own first page."""
    return Answer.ELSEWHERE if kind.is_signed_in else Answer.IN


def its_applicant(kind: Kind) -> Answer:
    """For the owner of the application; for everybody else who is signed in it is not there."""
    if not kind.is_signed_in:
        return Answer.SIGN_IN
    return Answer.IN if kind.family is Family.OWNER else Answer.NOT_THERE


def referees(kind: Kind) -> Answer:
    """Inside a reference request: with its session alone."""
    return Answer.IN if kind.family is Family.REFEREE else Answer.FORBIDDEN


def _not_working(kind: Kind) -> Answer | None:
    """The answer of a staff page to whoever is not at work: no staff, or no second factor."""
    if not kind.is_signed_in:
        return Answer.SIGN_IN
    if kind.family is not Family.STAFF:
        return Answer.FORBIDDEN
    return Answer.SECOND_FACTOR if kind.lacks_second_factor else None


def staff(kind: Kind) -> Answer:
    return _not_working(kind) or Answer.IN


def office(*roles: Role) -> Audience:
    """A page of the office for these roles, for whatever programme: it lists what is theirs."""

    def answer(kind: Kind) -> Answer:
        return _not_working(kind) or (
            Answer.IN if kind.live_roles & set(roles) else Answer.FORBIDDEN
        )

    return answer


def of_programme(*roles: Role) -> Audience:
    """A page about one object of programme A: roles elsewhere don't find it."""
    page = office(*roles)

    def answer(kind: Kind) -> Answer:
        found = page(kind)
        return Answer.NOT_THERE if found is Answer.IN and not kind.is_here else found

    return answer


def of_file(*roles: Role, also_assigned: bool = False) -> Audience:
    """A page of one file: for these roles of its programme, and perhaps for whoever reads it."""
    page = office(*roles, *((Role.REVIEWER,) if also_assigned else ()))

    def answer(kind: Kind) -> Answer:
        found = page(kind)
        if found is not Answer.IN or (kind.is_assigned and also_assigned):
            return found
        reaches = kind.live_roles & set(roles) and kind.is_here
        return Answer.IN if reaches else Answer.NOT_THERE

    return answer


def of_reader(kind: Kind) -> Answer:
    """Scoring a file, declaring a conflict: for whoever has it to read."""
    found = office(Role.REVIEWER, Role.ADMISSIONS_TUTOR)(kind)
    return Answer.NOT_THERE if found is Answer.IN and not kind.is_assigned else found


def with_fresh_factor(audience: Audience) -> Audience:
    """To approve and to release, the second factor has to be fresh, too."""

    def answer(kind: Kind) -> Answer:
        found = audience(kind)
        if kind.is_stale and found is not Answer.SIGN_IN:
            return Answer.SECOND_FACTOR
        return found

    return answer
