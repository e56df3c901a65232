from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "applicants"
    verbose_name = "Applicants"

    def ready(self) -> None:
        from applicants import (
            events,
            own_sections,
            receivers,  # noqa: F401 (connects itself)
            sections,
            workflow,
        )
        from applicants.fees import registration as fees
        from foundation.history import kinds

        kinds.register(*events.ALL)
        kinds.register(*(transition.event for transition in workflow.TRANSITIONS))
        sections.register(*own_sections.ALL)
        fees.register()
