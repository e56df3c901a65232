"""What the pack's templates ask about a field. Pages themselves load `portal`."""

import html
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from foundation.ui.words import MaxWordsValidator

register = template.Library()

#: Upstream's class for a control, the most special widget first.
CONTROL_CLASSES = (
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.widgets.Input, "govuk-input"),
)


@dataclass(frozen=True)
class Control:
    """How a field is drawn."""

    kind: str
    has_fieldset: bool
    max_words: int
    max_chars: int
    is_optional: bool

    @property
    def is_counted(self) -> bool:
        return bool(self.max_words or self.max_chars)


@register.simple_tag(takes_context=True)
def control_of(context: dict[str, Any], field: BoundField) -> Control:
    """What kind of control this is and what goes around it."""
    look = context.get("look") or {}
    kind = _kind(field.field.widget)
    form = field.form
    # Also for forms that are not ours, such as allauth's: our sentences instead of the browser's.
    form.use_required_attribute = False
    optional = getattr(form, "mark_optional", False) and not field.field.required
    return Control(
        kind=kind,
        has_fieldset=kind in ("radios", "checkboxes", "group"),
        max_words=look.get("words") or _word_limit(field),
        max_chars=look.get("chars") or 0,
        is_optional=optional and kind != "checkbox",
    )


@register.simple_tag(takes_context=True)
def widget_of(context: dict[str, Any], field: BoundField, control: Control) -> SafeString:
    """The control itself, with upstream's classes and what describes it for screen readers."""
    attrs: dict[str, Any] = {}
    if control.kind == "checkbox":
        attrs["class"] = "govuk-checkboxes__input"
    elif control.kind != "group":
        attrs["class"] = " ".join(_classes(context.get("look") or {}, field, control))
    if control.kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if control.is_counted:
        described_by = f"{field.aria_describedby or ''} {field.auto_id}-info"
        attrs["aria-describedby"] = described_by.strip()
    return field.as_widget(attrs=attrs)


@register.simple_tag
def options_of(optgroups: list[tuple[Any, list[dict[str, Any]], int]]) -> SafeString:
    """The options of a list to choose from, as Django's own template writes them.

    Without a template for each: a list of 250 countries took longer than the rest of its page.
    """
    lines = []
    for name, options, _index in optgroups:
        if name:
            lines.append(f'<optgroup label="{_escaped(name)}">')
        lines += map(_option, options)
        if name:
            lines.append("</optgroup>")
    return SafeString("\n".join(lines))


def _option(option: dict[str, Any]) -> str:
    attrs = flatatt(option["attrs"]) if option["attrs"] else ""
    value, label = html.escape(str(option["value"])), _escaped(option["label"])
    return f'<option value="{value}"{attrs}>{label}</option>'


def _escaped(words: Any) -> str:
    """What Django's `conditional_escape` gives, which costs several times as much."""
    return str(words.__html__()) if hasattr(words, "__html__") else html.escape(str(words))


@register.simple_tag(takes_context=True)
def hint_for(context: dict[str, Any], value: Any) -> Any:
    """The hint of one choice, if its `Field` gave one."""
    return (context.get("look") or {}).get("hints", {}).get(str(value), "")


def _kind(widget: forms.Widget) -> str:
    for kind, classes in (
        ("checkboxes", forms.CheckboxSelectMultiple),
        ("radios", forms.RadioSelect),
        ("checkbox", forms.CheckboxInput),
        ("group", forms.MultiWidget),
        ("file", forms.FileInput),
        ("password", forms.PasswordInput),
    ):
        if isinstance(widget, classes):
            return kind
    return "input"


def _word_limit(field: BoundField) -> int:
    limits = [v.limit for v in field.field.validators if isinstance(v, MaxWordsValidator)]
    return min(limits, default=0)


def _classes(look: dict[str, Any], field: BoundField, control: Control) -> list[str]:
    widget = field.field.widget
    base = next((name for kind, name in CONTROL_CLASSES if isinstance(widget, kind)), "")
    classes = [base, widget.attrs.get("class", "")]
    if field.errors:
        classes.append(f"{base}--error")
    if width := look.get("width"):
        by_characters = isinstance(width, int)
        classes.append(f"govuk-input--width-{width}" if by_characters else f"govuk-!-width-{width}")
    if control.is_counted:
        classes.append("govuk-js-character-count")
    if control.kind == "password":
        classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
    return [name for name in classes if name]
