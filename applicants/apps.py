from typing import Any

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "applicants"
    verbose_name = "Applicants"

    def ready(self) -> None:
        from applicants import (
            demo,
            events,
            messages,
            own_sections,
            receivers,  # noqa: F401 (connects itself)
            sections,
            timers,
            workflow,
        )
        from applicants.fees import registration as fees
        from foundation import timers as all_timers
        from foundation.accounts import landing
        from foundation.history import kinds
        from foundation.notifications import kinds as message_kinds
        from programmes import demo as all_demos

        kinds.register(*events.ALL)
        kinds.register(*(transition.event for transition in workflow.TRANSITIONS))
        sections.register(*own_sections.ALL)
        message_kinds.register(*messages.ALL)
        all_timers.register(*timers.ALL)
        all_demos.register("applicants", demo.load)
        landing.register(landing.Landing("applications", order=50, url_for=landing_of))
        fees.register()


def landing_of(person: Any) -> str | None:
    """An applicant's one application, or the list of them; staff go elsewhere."""
    from django.urls import reverse

    from applicants.queries import visible_to

    if person.is_staff_member:
        return None
    references = list(visible_to(person).values_list("reference", flat=True)[:2])
    if len(references) == 1:
        return reverse("applicants:overview", args=references)
    return reverse("applicants:mine")
