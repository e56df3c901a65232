from typing import Any

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from foundation.history import kinds
        from foundation.notifications import access as notifications_access
        from programmes import demo, events

        kinds.register(*events.ALL)
        demo.register("programmes", demo.load)
        notifications_access.may_manage = may_manage_messages


def may_manage_messages(person: Any) -> bool:
    """System administrators look after the outbox: its messages, retries and stop switch."""
    from programmes.roles import Role
    from programmes.rules import has_role

    return has_role(person, Role.SYSTEM_ADMINISTRATOR)
