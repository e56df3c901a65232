"""The account's mails. Who asks for one may not be the account's owner, so none says more than needed.

Links are minted when a message is rendered, so a late mail has a fresh link and the queue holds none.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from allauth.account import app_settings as allauth_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.accounts import links, steps
from foundation.accounts.models import Person
from foundation.notifications.kinds import Audience, Lane, MessageKind
from foundation.notifications.models import OutgoingMessage
from foundation.notifications.steps import enqueue

SAMPLE_LINK = "https://apply.example.ac.uk/…"


def send(kind: MessageKind, recipient: str, **ids: int) -> None:
    """Queue a mail, in the caller's transaction if there is one. Asking twice sends two."""
    with transaction.atomic():
        enqueue(
            kind,
            recipient=recipient,
            context=ids,
            dedupe_key=f"{kind.code}:{uuid4().hex}",
        )


def _person(message: OutgoingMessage) -> Person:
    return Person.objects.get(pk=message.context["person"])


def _is_active(message: OutgoingMessage, now: datetime) -> bool:
    return Person.objects.filter(pk=message.context["person"], is_active=True).exists()


# --- Confirming an address ----------------------------------------------------------------------


def _build_confirmation(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    address = EmailAddress.objects.select_related("user").get(pk=message.context["address"])
    return {
        "name": address.user.get_full_name(),
        "is_new_account": address.user.email == address.email,
        "link": links.public("account_confirm_email", key=EmailConfirmationHMAC(address).key),
        "days": allauth_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS,
    }


def _confirmation_is_wanted(message: OutgoingMessage, now: datetime) -> bool:
    return EmailAddress.objects.filter(pk=message.context["address"], verified=False).exists()


CONFIRM_EMAIL = MessageKind(
    code="account.confirm_email",
    audience=Audience.ACCOUNT,
    lane=Lane.SIGN_IN,
    description=_("After signing up, and when the address of an account is to change."),
    build=_build_confirmation,
    still_wanted=_confirmation_is_wanted,
    sample=lambda: {
        "name": "Amara Okafor",
        "is_new_account": True,
        "link": SAMPLE_LINK,
        "days": 3,
    },
)


# --- A forgotten password -----------------------------------------------------------------------


def _build_reset(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    person = _person(message)
    token = allauth_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    return {
        "name": person.get_full_name(),
        "link": links.public(
            "account_reset_password_from_key",
            uidb36=user_pk_to_url_str(person),
            key=token,
        ),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }


PASSWORD_RESET = MessageKind(
    code="account.password_reset",
    audience=Audience.ACCOUNT,
    lane=Lane.SIGN_IN,
    description=_("When somebody asks for a new password for an address that has an account."),
    build=_build_reset,
    still_wanted=_is_active,
    sample=lambda: {"name": "Amara Okafor", "link": SAMPLE_LINK, "minutes": 60},
)


# --- Answers that don't tell a stranger who has an account --------------------------------------


def _build_already(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    return {
        "sign_in": links.public("account_login"),
        "reset": links.public("account_reset_password"),
    }


ALREADY_REGISTERED = MessageKind(
    code="account.already_registered",
    audience=Audience.ACCOUNT,
    lane=Lane.SIGN_IN,
    description=_(
        "When somebody signs up with an address that has an account. The page says the same as "
        "for a new one."
    ),
    build=_build_already,
    sample=lambda: {"sign_in": SAMPLE_LINK, "reset": SAMPLE_LINK},
)


def _build_unknown(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    return {"sign_up": links.public("account_signup")}


UNKNOWN_ACCOUNT = MessageKind(
    code="account.unknown_account",
    audience=Audience.ACCOUNT,
    lane=Lane.SIGN_IN,
    description=_(
        "When somebody asks for a new password for an address without an account. The page says "
        "the same as for one that has."
    ),
    build=_build_unknown,
    sample=lambda: {"sign_up": SAMPLE_LINK},
)


# --- Something about the account changed --------------------------------------------------------


def _build_notice(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    return {
        "name": _person(message).get_full_name(),
        "at": message.created_at,
    }


def _sample_notice() -> Mapping[str, Any]:
    return {"name": "Amara Okafor", "at": datetime(2026, 3, 3, 14, 5, tzinfo=UTC)}


def _notice(code: str, description: Any) -> MessageKind:
    return MessageKind(
        code=code,
        audience=Audience.ACCOUNT,
        lane=Lane.SIGN_IN,
        description=description,
        build=_build_notice,
        sample=_sample_notice,
    )


EMAIL_CHANGED = _notice(
    "account.email_changed",
    _("To the old address, when an account’s address has changed."),
)
PASSWORD_CHANGED = _notice("account.password_changed", _("When a password was changed or reset."))
SECOND_FACTOR_ADDED = _notice(
    "account.second_factor_added", _("When an authenticator app was set up.")
)
SECOND_FACTOR_REMOVED = _notice(
    "account.second_factor_removed", _("When an authenticator app was removed.")
)
RECOVERY_CODES_MADE = _notice(
    "account.recovery_codes_made", _("When somebody made new recovery codes.")
)


# --- Staff --------------------------------------------------------------------------------------


def _build_invitation(message: OutgoingMessage, now: datetime) -> Mapping[str, Any]:
    person = _person(message)
    inviter = Person.objects.filter(pk=message.context.get("invited_by", 0)).first()
    token = steps.issue_invitation(person, invited_by=inviter, now=now)
    return {
        "name": person.get_full_name(),
        "invited_by": inviter.get_full_name() if inviter else "",
        "link": links.public("accounts:invitation", token=token),
        "days": steps.INVITATION_LASTS.days,
    }


INVITATION = MessageKind(
    code="account.invitation",
    audience=Audience.STAFF,
    lane=Lane.SIGN_IN,
    description=_("When a member of staff is invited: a link to set a password, once."),
    build=_build_invitation,
    still_wanted=_is_active,
    sample=lambda: {
        "name": "Morwenna Trevelyan",
        "invited_by": "Head of Admissions",
        "link": SAMPLE_LINK,
        "days": 7,
    },
)

#: django-allauth names its mails by their templates.
BY_TEMPLATE: dict[str, MessageKind] = {
    "account/email/unknown_account": UNKNOWN_ACCOUNT,
    "account/email/email_changed": EMAIL_CHANGED,
    "account/email/password_changed": PASSWORD_CHANGED,
    "account/email/password_reset": PASSWORD_CHANGED,
    "account/email/password_set": PASSWORD_CHANGED,
    "mfa/email/totp_activated": SECOND_FACTOR_ADDED,
    "mfa/email/totp_deactivated": SECOND_FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": RECOVERY_CODES_MADE,
}

ALL = (
    CONFIRM_EMAIL,
    PASSWORD_RESET,
    ALREADY_REGISTERED,
    UNKNOWN_ACCOUNT,
    EMAIL_CHANGED,
    PASSWORD_CHANGED,
    SECOND_FACTOR_ADDED,
    SECOND_FACTOR_REMOVED,
    RECOVERY_CODES_MADE,
    INVITATION,
)
