from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from foundation.accounts import events, messages, signals  # noqa: F401 (connects receivers)
        from foundation.history import kinds as event_kinds
        from foundation.notifications import kinds as message_kinds

        event_kinds.register(*events.ALL)
        message_kinds.register(*messages.ALL)
