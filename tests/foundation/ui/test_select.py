"""Our template for a list to choose from writes what Django's own writes."""

from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.test.html import parse_html

CHOICES = [
    ("", "Choose <one>"),
    ("a", "Ålesund & more"),
    ("Group", [("b", "Bonn"), ("c", "Cork")]),
]


def test_select_is_written_as_django_writes_it() -> None:
    widget = forms.Select({"class": "govuk-select", "autocomplete": "off"}, CHOICES)
    several = forms.SelectMultiple({"id": "some"}, CHOICES)
    for one, chosen in ((widget, "b"), (widget, None), (several, ["a", "c"])):
        ours = one.render("town", chosen, renderer=get_default_renderer())
        theirs = one.render("town", chosen, renderer=DjangoTemplates())
        assert parse_html(ours) == parse_html(theirs)
