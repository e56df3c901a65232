"""`{% load catalogue %}`: how the catalogue's numbers and marks are written."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from programmes import presenting
from programmes.pictures import credits_text

register = template.Library()


@register.filter("credits")
def write_credits(value: Decimal | None) -> str:
    """12.5, or 15 without its idle nought; nothing when it is not stated."""
    return "" if value is None else credits_text(value)


@register.simple_tag
def default_mark() -> SafeString:
    """Behind what the programme doesn't state and the institution's rule fills."""
    return presenting.default_mark()
