"""Forms with the portal's look: a form class says what it asks, `{% crispy form %}` draws it.

    class StatementForm(PortalForm):
        submit_label = _("Save and continue")
        looks = {"statement": {"heading": True, "size": "l"}}

        statement = LongTextField(label=_("Personal statement"), max_words=800)

On the page: `{% error_summary form %}` above the heading, `{% crispy form %}` below it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper as CrispyHelper
from crispy_forms.layout import Field as CrispyField
from crispy_forms.layout import Layout
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.utils import pretty_name
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.ui.fields import DateField, DateWidget, LongTextField, UploadField

__all__ = [
    "DateField",
    "DateWidget",
    "Field",
    "FormHelper",
    "Layout",
    "LongTextField",
    "PortalForm",
    "PortalModelForm",
    "Submit",
    "UploadField",
]

BUTTON_STYLES = ("primary", "secondary", "warning", "start")


class Submit:
    """A button that sends the form. Give a `name` when a page has more than one."""

    input_type = "submit"

    def __init__(
        self, label: Any, *, name: str = "", value: str = "1", style: str = "primary"
    ) -> None:
        if style not in BUTTON_STYLES:
            raise ValueError(f"{style} is not a style of a button")
        self.label, self.name, self.value, self.style = label, name, value, style

    def render(
        self, form: Any, context: Any, template_pack: str = "ui", **_more: Any
    ) -> SafeString:
        return render_to_string("ui/layout/baseinput.html", {"input": self})


class FormHelper(CrispyHelper):
    """crispy's helper for this pack. Buttons are added with `add_input(Submit(...))`."""

    def __init__(self, form: Any = None) -> None:
        super().__init__(form)
        # The browser's own checks would stand in the way of sentences beside the fields.
        self.attrs = {"novalidate": True}


class Field(CrispyField):
    """How a field looks, for a `Layout` or a form's `looks`.

    size      of the label: s, m, l
    heading   the label is the page's `h1`
    width     of the control: 2, 3, 4, 5, 10, 20 characters, or "one-half", "two-thirds" …
    words     the most words, counted down; taken from a MaxWordsValidator when there is one
    chars     the most characters, counted down
    hints     a hint below single choices, by their value
    inline    short radios beside each other
    small     small radios and checkboxes, for staff
    prefix    before the control, such as £; suffix after it, such as %
    hide_label  for screen readers only, where the page says it already
    """

    def __init__(
        self,
        *fields: str,
        size: str = "s",
        heading: bool = False,
        width: int | str = "",
        words: int = 0,
        chars: int = 0,
        hints: Mapping[str, Any] | None = None,
        inline: bool = False,
        small: bool = False,
        prefix: Any = "",
        suffix: Any = "",
        hide_label: bool = False,
        **attrs: Any,
    ) -> None:
        super().__init__(*fields, **attrs)
        self.look = {
            "size": size,
            "heading": heading,
            "width": width,
            "words": words,
            "chars": chars,
            "hints": {str(value): hint for value, hint in (hints or {}).items()},
            "inline": inline,
            "small": small,
            "prefix": prefix,
            "suffix": suffix,
            "hide_label": hide_label,
        }

    def render(
        self,
        form: Any,
        context: Any,
        template_pack: str = "ui",
        extra_context: dict[str, Any] | None = None,
        **more: Any,
    ) -> SafeString:
        look = {"look": self.look, **(extra_context or {})}
        return super().render(form, context, template_pack, extra_context=look, **more)


class _PortalFormMixin:
    """What the portal's forms share. A field that may be left empty says "(optional)"."""

    submit_label: Any = _("Save and continue")
    submit_style: str = "primary"
    #: Options of `Field`, by the field's name.
    looks: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    mark_optional = True
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _use_words_for_blank_choice(field)
            _use_sentence_for_missing(name, field)

    def build_layout(self) -> Layout:
        """The fields in their order, each with its look. Override it to group them."""
        return Layout(*(Field(name, **self.looks.get(name, {})) for name in self.fields))

    def build_buttons(self) -> list[Submit]:
        """The buttons below the fields. Override it for a second one."""
        return [Submit(self.submit_label, style=self.submit_style)] if self.submit_label else []

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = self.build_layout()
        for button in self.build_buttons():
            helper.add_input(button)
        return helper


class PortalForm(_PortalFormMixin, forms.Form):
    """A form with the portal's look."""


class PortalModelForm(_PortalFormMixin, forms.ModelForm):
    """A form for a model with the portal's look."""


def _use_words_for_blank_choice(field: forms.Field) -> None:
    """Radios need no choice for "nothing"; a select says what to do instead of nine dashes."""
    dashes = BLANK_CHOICE_DASH[0]
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        if isinstance(field, forms.ModelChoiceField) and field.empty_label == dashes[1]:
            is_radio = isinstance(field.widget, forms.RadioSelect)
            field.empty_label = None if is_radio else str(_("Choose one"))
        return
    choices: list[Any] = list(cast("Iterable[Any]", field.choices))
    if dashes not in choices:
        return
    if isinstance(field.widget, forms.RadioSelect):
        field.choices = [choice for choice in choices if choice != dashes]
    else:
        field.choices = [("", _("Choose one")) if pair == dashes else pair for pair in choices]


def _use_sentence_for_missing(name: str, field: forms.Field) -> None:
    """Instead of "This field is required", say what to do. A form's own sentence stays."""
    if field.error_messages.get("required") != forms.Field.default_error_messages["required"]:
        return
    if isinstance(field, forms.FileField):
        sentence: Any = _("Choose a file")
    elif isinstance(field, forms.BooleanField):
        sentence = _("Tick the box to go on")
    elif isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        sentence = _("Choose an answer: {label}")
    else:
        sentence = _("Fill this in: {label}")
    field.error_messages["required"] = format_lazy(sentence, label=field.label or pretty_name(name))
