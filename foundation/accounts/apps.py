from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from foundation.accounts import demo, events, messages, signals  # noqa: F401 (receivers)
        from foundation.history import kinds as event_kinds
        from foundation.notifications import kinds as message_kinds
        from foundation.notifications import mailbox

        event_kinds.register(*events.ALL)
        message_kinds.register(*messages.ALL)
        mailbox.sign_in_codes = demo.current_codes
