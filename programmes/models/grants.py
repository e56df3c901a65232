"""Who may do what for which programme, from when until when."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models.catalogue import Programme
from programmes.roles import Role


class RoleGrant(models.Model):
    """A role of one person. No programme means every programme, also future ones.

    It holds from `from_at` until just before `until_at`. `granted_by` is null when a command gave
    it; nobody grants to themselves.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants"
    )
    role = models.CharField(max_length=24, choices=Role)
    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_grants",
    )
    from_at = models.DateTimeField(default=timezone.now)
    until_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_grants_given",
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["person", "role", "from_at"]
        indexes: ClassVar = [
            models.Index(fields=["role", "programme"], name="programmes_grant_role")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "programme"],
                condition=Q(until_at=None),
                nulls_distinct=False,
                name="programmes_grant_one_live",
            ),
            models.CheckConstraint(
                condition=Q(until_at__gte=F("from_at")),
                name="programmes_grant_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("person")),
                name="programmes_grant_never_to_oneself",
                violation_error_message=_("Nobody grants a role to themselves."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="programmes_grant_known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"
