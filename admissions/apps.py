from django.apps import AppConfig


class AdmissionsConfig(AppConfig):
    name = "admissions"
    verbose_name = "Admissions"

    def ready(self) -> None:
        from admissions import events, messages, receivers
        from admissions import timers as own_timers
        from foundation import timers
        from foundation.history import kinds
        from foundation.notifications import kinds as message_kinds

        kinds.register(*events.ALL)
        message_kinds.register(*messages.ALL)
        timers.register(*own_timers.ALL)
        receivers.connect()
