from django.apps import AppConfig


class RefereesConfig(AppConfig):
    name = "referees"
    verbose_name = "Referees"

    def ready(self) -> None:
        from applicants import sections
        from applicants import signals as applicant_signals
        from foundation import timers
        from foundation.documents import signals as document_signals
        from foundation.history import kinds as events
        from foundation.notifications import kinds as messages
        from foundation.notifications import signals as notification_signals
        from referees import events as own_events
        from referees import messages as own_messages
        from referees import receivers, section, workflow
        from referees import timers as own_timers

        events.register(*own_events.ALL, *(move.event for move in workflow.TRANSITIONS))
        messages.register(*own_messages.ALL)
        timers.register(*own_timers.ALL)
        sections.register(section.SECTION)
        applicant_signals.submitted.connect(receivers.ask_on_submission)
        applicant_signals.nominee_replaced.connect(receivers.cancel_on_replacement)
        applicant_signals.moved.connect(receivers.tell_on_end)
        document_signals.checked.connect(receivers.look_at_checked_letter)
        notification_signals.bounced.connect(receivers.bounce)
