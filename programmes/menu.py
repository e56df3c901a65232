"""What this room adds to the menu of the staff pages."""

from django.utils.translation import gettext_lazy as _

from foundation.ui.navigation import Item
from programmes.access import for_roles
from programmes.roles import Role

ITEMS = (
    Item(_("Office"), "office", order=0),
    Item(
        _("People"),
        "programmes:people",
        for_roles(Role.HEAD_OF_ADMISSIONS, Role.SYSTEM_ADMINISTRATOR),
        order=800,
        about=_("Staff, their roles and their accounts, and help after a lost phone."),
    ),
)
