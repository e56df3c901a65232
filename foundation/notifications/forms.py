"""What an administrator says about the outbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.ui.forms import FormHelper, PortalForm


class StopForm(PortalForm):
    submit_label = _("Stop all messages")
    submit_style = "warning"

    reason = forms.CharField(
        label=_("Why are messages to be stopped?"),
        help_text=_("Other administrators read this, as long as the stop lasts."),
        max_length=300,
        error_messages={"required": _("Say why messages are to be stopped.")},
    )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_action = "notifications:stop"
        return helper


class CancelForm(PortalForm):
    submit_label = _("Cancel this message")
    submit_style = "warning"

    reason = forms.CharField(
        label=_("Why is it not to be sent?"),
        max_length=300,
        error_messages={"required": _("Say why this message is not to be sent.")},
    )
