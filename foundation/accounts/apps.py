from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from foundation import timers
        from foundation.accounts import demo, events, messages
        from foundation.accounts import signals as _receivers  # noqa: F401
        from foundation.accounts import timers as own_timers
        from foundation.history import kinds as event_kinds
        from foundation.notifications import kinds as message_kinds
        from foundation.notifications import mailbox

        event_kinds.register(*events.ALL)
        message_kinds.register(*messages.ALL)
        timers.register(*own_timers.ALL)
        mailbox.sign_in_codes = demo.current_codes
