from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "foundation.documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        from foundation import timers
        from foundation.documents import checks, events
        from foundation.documents import timers as own
        from foundation.history import kinds

        kinds.register(*events.ALL)
        timers.register(*own.ALL)
        checks.register_checks()
