"""The forms about the fee."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.fees.grounds import Ground, RefusalReason
from foundation.documents.purposes import Purpose
from foundation.ui.forms import LongTextField, PortalForm, UploadField


class WaiverForm(PortalForm):
    """Why the fee is asked to be waived."""

    submit_label = _("Ask for a waiver")
    looks: ClassVar = {"ground": {"hints": {ground: ground.evidence for ground in Ground}}}

    ground = forms.ChoiceField(
        label=_("Which of these is true for you?"),
        help_text=_("Any one is enough. If several are, choose the easiest to show."),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is true for you")},
    )
    explanation = LongTextField(
        label=_("A few lines about your situation"),
        help_text=_("Only finance officers read this: nobody who decides about your application."),
        max_words=300,
        noun=_("Your explanation"),
        rows=6,
        error_messages={"required": _("Tell us a little about your situation")},
    )


class EvidenceForm(PortalForm):
    submit_label = _("Add this file")

    file = UploadField(
        label=_("A document that supports it"),
        help_text=Purpose.WAIVER_EVIDENCE.hint,
        accept=Purpose.WAIVER_EVIDENCE.accept,
    )


class MoreEvidenceForm(PortalForm):
    prefix = "more"
    submit_label = _("Ask for more")
    submit_style = "secondary"

    note = LongTextField(
        label=_("What is missing, in a sentence for the applicant"),
        rows=3,
        max_words=150,
        error_messages={"required": _("Say what is missing")},
    )


class RefusalForm(PortalForm):
    prefix = "refuse"
    submit_label = _("Refuse the waiver")
    submit_style = "warning"

    reason = forms.ChoiceField(
        label=_("Why is it refused?"),
        choices=RefusalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is refused")},
    )
    note = LongTextField(
        label=_("A sentence for the applicant"),
        rows=3,
        max_words=150,
        error_messages={"required": _("Write a sentence for the applicant")},
    )
