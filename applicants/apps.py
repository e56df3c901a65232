from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "applicants"
    verbose_name = "Applicants"

    def ready(self) -> None:
        from applicants import events, workflow
        from foundation.history import kinds

        kinds.register(*events.ALL)
        kinds.register(*(transition.event for transition in workflow.TRANSITIONS))
