"""Every address of the portal and who may open it. The test fails for an address without a row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from applicants.models import Application, FileKind
from programmes.roles import Role
from tests.permissions.answers import (
    Answer,
    Audience,
    asked_for_code,
    asked_for_password,
    everybody,
    its_applicant,
    led_on,
    not_signed_in,
    of_file,
    of_programme,
    of_reader,
    office,
    proved_recently,
    referees,
    signed_in,
    signed_in_led_on,
    staff,
    with_app,
    with_fresh_factor,
    without_app,
)
from tests.permissions.people import Family, Kind
from tests.permissions.world import World

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")

#: Reach every file of their programmes.
FILES = (
    Role.ADMISSIONS_OFFICER,
    Role.ADMISSIONS_TUTOR,
    Role.PROGRAMME_DIRECTOR,
    Role.HEAD_OF_ADMISSIONS,
    Role.AUDITOR,
)
ASSIGNING = (Role.ADMISSIONS_OFFICER, Role.ADMISSIONS_TUTOR, Role.HEAD_OF_ADMISSIONS)
PROPOSING = (Role.ADMISSIONS_TUTOR, Role.HEAD_OF_ADMISSIONS)
APPROVING = (Role.PROGRAMME_DIRECTOR, Role.HEAD_OF_ADMISSIONS)
LOOKERS = (Role.HEAD_OF_ADMISSIONS, Role.SYSTEM_ADMINISTRATOR)

Arguments = Callable[[World], dict[str, Any]]
NO_ARGUMENTS: Arguments = lambda world: {}  # noqa: E731 (a default, not a function with a policy)


@dataclass(frozen=True)
class Row:
    """Who may open an address, with which methods, and about what.

    `post` is what a POST needs to reach the page's own checks; most need nothing. `on_post` is for
    pages that answer a POST otherwise. `is_listed` says that everybody in the office may know that the
    thing is there. `logs` names a table in which opening the page is noted.
    """

    audience: Audience
    methods: tuple[str, ...] = GET
    arguments: Arguments = NO_ARGUMENTS
    post: Arguments = NO_ARGUMENTS
    on_post: Audience | None = None
    is_listed: bool = False
    logs: tuple[str, ...] = ()


def of(stage: str, **more: Callable[[World], Any]) -> Arguments:
    """The reference of the application at a stage, and whatever else the address holds."""

    def arguments(world: World) -> dict[str, Any]:
        found = {name: value(world) for name, value in more.items()}
        return {"reference": world.applications[stage].reference, **found}

    return arguments


def given(**values: Callable[[World], Any]) -> Arguments:
    return lambda world: {name: value(world) for name, value in values.items()}


def file_of(stage: str, kind: FileKind = FileKind.TRANSCRIPT) -> Callable[[World], UUID]:
    return lambda world: _file(world.applications[stage], kind).document_id


def version_of(stage: str) -> Callable[[World], UUID]:
    def version(world: World) -> Any:
        current = _file(world.applications[stage], FileKind.TRANSCRIPT).document.current
        assert current is not None
        return current.pk

    return version


def _file(application: Application, kind: FileKind) -> Any:
    return application.files.filter(kind=kind).order_by("-id")[0]


def qualification_of(stage: str) -> Callable[[World], UUID]:
    return lambda world: world.applications[stage].qualifications.get().public_id


def fixed(value: Any) -> Callable[[World], Any]:
    return lambda world: value


def named(name: str, attribute: str = "") -> Callable[[World], Any]:
    def found(world: World) -> Any:
        value = world.named[name]
        return getattr(value, attribute) if attribute else value

    return found


def own(stage: str, methods: tuple[str, ...] = BOTH, **more: Callable[[World], Any]) -> Row:
    """A page of one's own application."""
    return Row(its_applicant, methods, of(stage, **more))


def when_writing(kind: Kind) -> Answer:
    """A page on the way to the letter: whoever has sent theirs is led on."""
    if kind.family is Family.REFEREE and not kind.is_of_this:
        return Answer.ELSEWHERE
    return referees(kind)


def when_sent(kind: Kind) -> Answer:
    if kind.family is Family.REFEREE and kind.is_of_this:
        return Answer.ELSEWHERE
    return referees(kind)


def heads_them(kind: Kind) -> Answer:
    """Of a member of staff: system administrators, and heads of the programmes they work for."""
    found = office(*LOOKERS)(kind)
    if Role.SYSTEM_ADMINISTRATOR in kind.live_roles or kind.is_here:
        return found
    return found if found is not Answer.IN else Answer.FORBIDDEN


def ends_role(kind: Kind) -> Answer:
    found = office(Role.HEAD_OF_ADMISSIONS)(kind)
    return Answer.FORBIDDEN if found is Answer.IN and not kind.is_here else found


PUBLIC = Row(everybody)
_manager = office(Role.SYSTEM_ADMINISTRATOR)

HEALTH = {
    "health_live": PUBLIC,
    "health_ready": Row(lambda kind: Answer.BROKEN),
}

CATALOGUE = {
    "home": PUBLIC,
    "programmes:list": PUBLIC,
    "programmes:programme": Row(everybody, arguments=given(slug=lambda world: world.here.slug)),
    "applicants:start": Row(
        everybody,
        BOTH,
        given(intake_reference=lambda world: world.named["next_intake"].reference),
        on_post=signed_in,
    ),
}

_officer = given(public_id=lambda world: world.staff.officer.public_id)
OFFICE = {
    "office": Row(staff),
    "programmes:people": Row(office(*LOOKERS)),
    "programmes:invite": Row(office(Role.HEAD_OF_ADMISSIONS), BOTH),
    "programmes:person": Row(office(*LOOKERS), arguments=_officer),
    "programmes:end_sessions": Row(_manager, BOTH, _officer),
    "programmes:close_account": Row(heads_them, BOTH, _officer, is_listed=True),
    "programmes:open_account": Row(with_fresh_factor(_manager), BOTH, _officer),
    "programmes:reset_second_factor": Row(with_fresh_factor(_manager), BOTH, _officer),
    "programmes:grant": Row(
        office(Role.HEAD_OF_ADMISSIONS),
        BOTH,
        _officer,
    ),
    "programmes:end_role": Row(
        ends_role,
        BOTH,
        given(
            public_id=lambda world: world.staff.officer.public_id,
            grant_id=named("grant", "public_id"),
        ),
        is_listed=True,
    ),
}

_message = given(message_id=named("message", "pk"))
MESSAGES = {
    "notifications:messages": Row(_manager),
    "notifications:switch": Row(_manager),
    "notifications:stop": Row(_manager, POST),
    "notifications:start": Row(_manager, POST),
    "notifications:message": Row(_manager, GET, _message),
    "notifications:retry": Row(_manager, POST, _message),
    "notifications:cancel": Row(_manager, BOTH, _message),
    # The demonstration's, on loopback alone.
    "notifications:mailbox": PUBLIC,
    "notifications:mailbox_mail": Row(everybody, GET, given(name=named("mail"))),
    "notifications:mailbox_html": Row(everybody, GET, given(name=named("mail"))),
}

APPLICATIONS = {
    "applicants:mine": Row(signed_in),
    "applicants:overview": own("draft", GET),
    "applicants:personal_details": own("draft"),
    "applicants:qualifications": own("draft", GET),
    "applicants:add_qualification": own("draft"),
    "applicants:change_qualification": own("draft", public_id=qualification_of("draft")),
    "applicants:remove_qualification": own("draft", public_id=qualification_of("draft")),
    "applicants:english": own("draft"),
    "applicants:english_details": own("draft", basis=fixed("test")),
    "applicants:statement": own("draft"),
    "applicants:transcripts": own("draft"),
    "applicants:cv": own("draft"),
    "applicants:file": own("draft", GET, document_id=file_of("draft")),
    "applicants:remove_file": own("draft", document_id=file_of("draft")),
    "applicants:replace_file": own("waiving", document_id=named("unusable", "pk")),
    "applicants:check": own("draft"),
    "applicants:submitted": own("in_review", GET),
    "applicants:withdraw": own("submitted"),
}

FEE = {
    "fees:fee": own("draft", GET),
    "fees:pay": own("draft", POST),
    "fees:give_up": own("draft", POST),
    "fees:returned": own("paying"),
    "fees:waiver": own("draft"),
    "fees:evidence": own("waiving"),
    "fees:withdraw_waiver": own("waiving"),
    "fees:waivers": Row(office(Role.FINANCE_OFFICER)),
    "fees:decide_waiver": Row(
        of_programme(Role.FINANCE_OFFICER), BOTH, given(waiver=named("waiver", "public_id"))
    ),
    "fees:grant_waiver": Row(
        of_programme(Role.FINANCE_OFFICER), BOTH, given(waiver=named("waiver", "public_id"))
    ),
    "fees:waiver_evidence": Row(
        of_programme(Role.FINANCE_OFFICER),
        GET,
        given(
            waiver=named("waiver", "public_id"),
            document=named("evidence", "document_id"),
        ),
    ),
    "fees:webhook": Row(lambda kind: Answer.BAD, POST, given(provider=fixed("sandbox"))),
}

REFEREES = {
    "referees:section": own("submitted", GET),
    "referees:nominee": own("draft", position=fixed(1)),
    "referees:ask": own("draft", position=fixed(1)),
    "referees:remind": own("submitted", position=fixed(1)),
    "referees:write": Row(referees, BOTH),
    "referees:check": Row(when_writing, BOTH, on_post=referees),
    "referees:draft_file": Row(referees),
    "referees:sent": Row(when_sent),
    "referees:decline": Row(when_writing, BOTH, on_post=referees),
    "referees:declined": Row(everybody),
    "referees:new_link_sent": PUBLIC,
    "referees:new_link": Row(everybody, BOTH),
    "referees:link": Row(everybody, BOTH, given(token=named("token"))),
}

ADMISSIONS = {
    "admissions:queue": Row(office(*FILES)),
    "admissions:my_reviews": Row(office(Role.REVIEWER, Role.ADMISSIONS_TUTOR)),
    "admissions:file": Row(of_file(*FILES, also_assigned=True), GET, of("in_review")),
    "admissions:document": Row(
        of_file(*FILES, also_assigned=True),
        GET,
        of("in_review", version_id=version_of("in_review")),
    ),
    "admissions:assign": Row(of_file(*ASSIGNING), BOTH, of("in_review")),
    "admissions:release_reviewer": Row(
        of_file(*ASSIGNING),
        POST,
        of("in_review"),
        post=given(assignment=named("assignment", "pk")),
    ),
    "admissions:recuse": Row(of_reader, BOTH, of("in_review")),
    "admissions:review": Row(of_reader, BOTH, of("in_review")),
    "admissions:propose": Row(of_file(*PROPOSING), BOTH, of("in_review")),
    "admissions:approve": Row(with_fresh_factor(of_file(*APPROVING)), BOTH, of("proposed")),
    "admissions:return": Row(of_file(*APPROVING), BOTH, of("proposed")),
    "admissions:release": Row(
        with_fresh_factor(of_file(Role.PROGRAMME_DIRECTOR)), BOTH, of("approved")
    ),
    "admissions:take_back": Row(of_file(*APPROVING), BOTH, of("approved")),
    "admissions:conditions": Row(
        of_file(Role.ADMISSIONS_OFFICER, Role.HEAD_OF_ADMISSIONS),
        BOTH,
        of("offered"),
        post=given(condition=named("condition", "pk")),
    ),
    "admissions:decision": own("offered", GET),
    "admissions:letter": own("offered", GET),
    "admissions:accept": own("offered"),
    "admissions:decline": own("offered"),
}

ACCOUNTS = {
    "accounts:account": Row(signed_in),
    "accounts:landing": Row(signed_in_led_on),
    "accounts:end_other_sessions": Row(signed_in, POST),
    "accounts:accept_notices": Row(signed_in_led_on, BOTH),
    "accounts:invitation": Row(everybody, BOTH, given(token=named("invitation"))),
    "accounts:privacy": PUBLIC,
    "accounts:terms": PUBLIC,
    "accounts:accessibility": PUBLIC,
    "accounts:cookies": PUBLIC,
    "accounts:referee_notice": PUBLIC,
    "account_login": Row(not_signed_in, BOTH),
    "account_logout": Row(lambda kind: Answer.IN if kind.is_signed_in else Answer.ELSEWHERE, BOTH),
    "account_inactive": PUBLIC,
    "account_signup": Row(not_signed_in, BOTH),
    "account_reauthenticate": Row(asked_for_password, BOTH),
    "account_email": Row(signed_in, BOTH),
    "account_email_verification_sent": PUBLIC,
    "account_confirm_email": Row(
        everybody,
        BOTH,
        given(key=named("confirmation")),
        on_post=lambda kind: Answer.SIGN_IN,
    ),
    "account_change_password": Row(signed_in, BOTH),
    "account_reset_password": Row(everybody, BOTH),
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reset_password_from_key": Row(
        everybody, BOTH, given(uidb36=fixed("abc"), key=fixed("not-a-key"))
    ),
    "mfa_index": Row(led_on, BOTH),
    "mfa_authenticate": Row(signed_in_led_on, BOTH),
    "mfa_reauthenticate": Row(asked_for_code, BOTH),
    "mfa_activate_totp": Row(without_app, BOTH),
    "mfa_deactivate_totp": Row(with_app, BOTH),
    "mfa_view_recovery_codes": Row(with_app, logs=("mfa_authenticator",)),
    "mfa_generate_recovery_codes": Row(proved_recently, BOTH),
    "mfa_download_recovery_codes": Row(with_app, logs=("mfa_authenticator",)),
}

ROWS: dict[str, Row] = {
    **HEALTH,
    **CATALOGUE,
    **OFFICE,
    **MESSAGES,
    **APPLICATIONS,
    **FEE,
    **REFEREES,
    **ADMISSIONS,
    **ACCOUNTS,
}
