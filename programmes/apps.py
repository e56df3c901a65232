from typing import Any

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from foundation.accounts import landing
        from foundation.history import kinds
        from foundation.notifications import access as notifications_access
        from foundation.ui import navigation
        from programmes import demo, events, menu
        from programmes.views.office import landing as office_of

        kinds.register(*events.ALL)
        demo.register("programmes", demo.load)
        navigation.register(*menu.ITEMS)
        landing.register(landing.Landing("office", order=10, url_for=office_of))
        notifications_access.may_manage = may_manage_messages


def may_manage_messages(person: Any) -> bool:
    """System administrators look after the outbox: its messages, retries and stop switch."""
    from programmes.roles import Role
    from programmes.rules import has_role

    return has_role(person, Role.SYSTEM_ADMINISTRATOR)
