"""People who sign in, what they accepted, how staff were invited, and their sessions."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Addresses are kept in lower case: `Ada@x.org` and `ada@x.org` are one person."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A new person. Without a password, nobody can sign in until one is set."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in: an applicant, or a member of staff.

    There are no permissions here: what staff may do follows from the roles that `programmes` grants.
    `is_staff_member` says only that this person may hold roles and needs a second factor.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    is_staff_member = models.BooleanField(_("may hold staff roles"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="accounts_person_one_per_address"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()


class NoticeAcceptance(models.Model):
    """A person accepted a version of a notice. The row stays when a newer version is accepted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="acceptances")
    notice = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "notice", "version"], name="accounts_acceptance_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.version}"


class Invitation(models.Model):
    """A one-time link by which a member of staff sets their first password.

    Only the token's hash is kept. A newer invitation ends the older ones.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="invitations_sent"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class PersonSession(AbstractBaseSession):
    """A browser's session, which knows whose it is, so that it can be listed and ended.

    `foundation.accounts.sessions` writes it; sessions of people who have not signed in have no person.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=80, blank=True)

    objects: ClassVar[BaseSessionManager["PersonSession"]]

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        from foundation.accounts.sessions import SessionStore

        return SessionStore
