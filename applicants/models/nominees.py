"""Referees as the applicant named them. The request and the letter belong to `referees`."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NomineeKind(models.TextChoices):
    ACADEMIC = "academic", _("Academic: taught or supervised me")
    PROFESSIONAL = "professional", _("Professional: worked with me or managed me")


class Nominee(models.Model):
    """A referee in place 1 or 2. Who is replaced stays, with `replaced_at`."""

    application = models.ForeignKey(
        "applicants.Application", on_delete=models.PROTECT, related_name="nominees"
    )
    position = models.PositiveSmallIntegerField()
    full_name = models.CharField(max_length=120)
    email = models.EmailField()
    kind = models.CharField(max_length=12, choices=NomineeKind.choices)
    post = models.CharField(max_length=120)
    institution = models.CharField(max_length=160)
    relationship = models.CharField(max_length=200)
    named_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "position"],
                condition=Q(replaced_at__isnull=True),
                name="one_nominee_per_position",
            ),
            models.CheckConstraint(
                condition=Q(position__in=[1, 2]), name="nominee_position_one_or_two"
            ),
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.full_name
