"""What the fee's room gives to the floors below, called from `AppConfig.ready`."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applicants import sections
from applicants.fees import messages, section
from applicants.fees import timers as own_timers
from foundation import timers
from foundation.notifications import kinds
from foundation.ui import navigation
from programmes.roles import Role
from programmes.rules import has_role


def _is_finance(request: HttpRequest) -> bool:
    return has_role(request.user, Role.FINANCE_OFFICER)


def register() -> None:
    kinds.register(*messages.ALL)
    sections.register(section.SECTION)
    timers.register(*own_timers.ALL)
    navigation.register(
        navigation.Item(_("Fee waivers"), "fees:waivers", predicate=_is_finance, order=40)
    )
