"""The errors of forms as sentences, each with the place on the page where it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet


@dataclass(frozen=True)
class Problem:
    """One error. `target` is the id of the first control to mend, or nothing for the whole form."""

    sentence: str
    target: str


def problems_of(forms_or_formsets: Iterable[Any]) -> list[Problem]:
    """All errors of these forms and formsets, in the order of the page. Unbound ones have none."""
    found: list[Problem] = []
    for form in forms_or_formsets:
        if isinstance(form, BaseFormSet):
            if form.is_bound:
                found += [Problem(str(error), "") for error in form.non_form_errors()]
                found += problems_of(form.forms)
        elif isinstance(form, forms.BaseForm) and form.is_bound:
            found += _of_form(form)
    return found


def _of_form(form: forms.BaseForm) -> list[Problem]:
    found = [Problem(str(error), "") for error in form.non_field_errors()]
    for name in form.fields:
        field = form[name]
        found += [Problem(str(error), target_of(field)) for error in field.errors]
    return found


def target_of(field: BoundField) -> str:
    """The id that an error's link goes to: the first radio, or the box of a date that is wrong."""
    if field.is_hidden:
        return ""
    if isinstance(field.field.widget, forms.MultiWidget):
        return f"{field.auto_id}_{_wrong_part(field)}"
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label


def _wrong_part(field: BoundField) -> int:
    """Which box of a field of several is wrong, as its error says in its params."""
    for error in field.form.errors.as_data().get(field.name, []):
        if error.params and "part" in error.params:
            return int(error.params["part"])
    return 0
