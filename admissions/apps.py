from django.apps import AppConfig


class AdmissionsConfig(AppConfig):
    name = "admissions"
    verbose_name = "Admissions"

    def ready(self) -> None:
        from admissions import demo, events, menu, messages, panels, queries, receivers
        from admissions import timers as own_timers
        from applicants import panels as overview
        from foundation import timers
        from foundation.history import kinds
        from foundation.notifications import kinds as message_kinds
        from foundation.ui import navigation
        from programmes import demo as all_demos
        from referees import rules as letters

        kinds.register(*events.ALL)
        message_kinds.register(*messages.ALL)
        timers.register(*own_timers.ALL)
        overview.register(panels.DECISION)
        navigation.register(*menu.ITEMS)
        letters.end_replacement_when(queries.has_decision)
        receivers.connect()
        all_demos.register("admissions", demo.load)
