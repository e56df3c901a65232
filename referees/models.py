"""Reference requests, the links that open them, and letters."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """Labels are what the applicant and the office read."""

    DRAFT = "draft", _("Not asked yet")
    ASKED = "asked", _("Asked")
    OPENED = "opened", _("Opened the link")
    RECEIVED = "received", _("Letter received")
    DECLINED = "declined", _("Can’t write it")
    BOUNCED = "bounced", _("Email did not arrive")
    CANCELLED = "cancelled", _("Replaced")
    EXPIRED = "expired", _("Too late")

    @property
    def is_waiting(self) -> bool:
        """A letter may still come by the link."""
        return self in WAITING

    @property
    def colour(self) -> str:
        return _COLOURS.get(self, "grey")


WAITING = frozenset({RequestState.ASKED, RequestState.OPENED})
#: A letter may still come. A mail that bounced closes no link: another mail may have brought one.
BEFORE_LETTER = WAITING | {RequestState.BOUNCED}
#: The applicant has to do something: ask again, correct the address or name somebody else.
STUCK = frozenset({RequestState.DECLINED, RequestState.BOUNCED, RequestState.EXPIRED})
_COLOURS = {
    RequestState.DRAFT: "grey",
    RequestState.ASKED: "orange",
    RequestState.OPENED: "blue",
    RequestState.RECEIVED: "green",
    RequestState.DECLINED: "red",
    RequestState.BOUNCED: "red",
    RequestState.EXPIRED: "red",
}


class DeclineReason(models.TextChoices):
    NO_TIME = "no_time", _("I don’t have the time")
    DONT_KNOW_WELL = "dont_know_well", _("I don’t know them well enough")
    SOMEBODY_ELSE = "somebody_else", _("Somebody else should write it")
    DONT_KNOW_PERSON = "dont_know_person", _("I don’t know this person")
    OTHER = "other", _("Another reason")


class ReferenceRequest(models.Model):
    """What we ask of one nominee. Their own corrections are kept beside what the applicant said.

    `draft_text` and `document` hold a letter that is being written; it counts once it is sent.
    `reminded_day` and `silence_told_day` are the last of the fixed days that were acted on.
    `state` is written by `referees.workflow.move` alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nominee = models.OneToOneField(
        "applicants.Nominee", on_delete=models.PROTECT, related_name="reference_request"
    )
    application = models.ForeignKey(
        "applicants.Application",
        on_delete=models.PROTECT,
        related_name="reference_requests",
    )
    state = models.CharField(
        max_length=10, choices=RequestState.choices, default=RequestState.DRAFT
    )
    asked_at = models.DateTimeField(null=True)
    last_mail_at = models.DateTimeField(null=True)
    new_link_at = models.DateTimeField(null=True)
    reminded_day = models.PositiveSmallIntegerField(default=0)
    silence_told_day = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    personal_line = models.CharField(max_length=300, blank=True)
    referee_name = models.CharField(max_length=120, blank=True)
    referee_post = models.CharField(max_length=120, blank=True)
    referee_institution = models.CharField(max_length=160, blank=True)
    relationship = models.CharField(max_length=200, blank=True)
    draft_text = models.TextField(blank=True)
    document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decline_reason = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True)
    decline_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values),
                name="reference_request_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="cancelled") | Q(asked_at__isnull=False),
                name="reference_request_asked_when_past_draft",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["last_mail_at"],
                condition=Q(state__in=["asked", "opened"]),
                name="reference_request_waiting",
            ),
        ]

    @property
    def status(self) -> RequestState:
        return RequestState(self.state)

    @property
    def writer(self) -> str:
        """The referee's name: as they corrected it, else as the applicant gave it."""
        return self.referee_name or self.nominee.full_name


class ReferenceLink(models.Model):
    """One emailed link. Only its token's hash is kept; every email has its own, earlier ones go on."""

    request = models.ForeignKey(ReferenceRequest, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)


class Letter(models.Model):
    """One sending of a letter. A pasted one has its `text` until the worker made its PDF.

    Letters are versions of the request's document: the first clean one meets the requirement, a
    newer one takes over when it is clean.
    """

    request = models.ForeignKey(ReferenceRequest, on_delete=models.PROTECT, related_name="letters")
    text = models.TextField(blank=True)
    version = models.OneToOneField(
        "documents.DocumentVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(version__isnull=False),
                name="letter_has_text_or_file",
            ),
        ]


class SuppressedAddress(models.Model):
    """A mailbox whose owner said that they don't know the applicant: nobody asks it again.

    As `applicants.nominees.mailbox` writes it, so that a plus-tag makes no new one of it.
    """

    mailbox = models.EmailField(unique=True)
    suppressed_at = models.DateTimeField(default=timezone.now)
