"""What this room adds to the menu of the staff pages."""

from django.utils.translation import gettext_lazy as _

from admissions.rules import FILE_ROLES, READERS
from foundation.ui.navigation import Item
from programmes.access import for_roles

ITEMS = (
    Item(
        _("Queue"),
        "admissions:queue",
        for_roles(*FILE_ROLES),
        order=10,
        about=_("Every open application by what needs doing, with its review date."),
    ),
    Item(
        _("My reviews"),
        "admissions:my_reviews",
        for_roles(*READERS),
        order=20,
        about=_("The applications given to you to read and score."),
    ),
)
