"""`{% load portal %}`: the components of the portal's pages, and how dates and money are written."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.ui import navigation, wording
from foundation.ui.components import (
    LIGHT_LABELS,
    TAG_COLOURS,
    Card,
    PageLinks,
    Row,
    Task,
)
from foundation.ui.summary import problems_of

register = template.Library()


# --- Words ----------------------------------------------------------------------------------------


@register.filter
def deadline(moment: datetime | None) -> str:
    """`{{ intake.closes_at|deadline }}`: 11:59pm on Monday 30 November 2026 (UK time)."""
    return wording.deadline(moment) if moment else ""


@register.filter
def moment(at: datetime | None) -> str:
    """`{{ event.at|moment }}`: 9:05am on 3 March 2027."""
    return wording.moment(at) if at else ""


@register.filter
def day(at: date | None) -> str:
    """`{{ offer.reply_by|day }}`: 30 November 2026."""
    return wording.day(at) if at else ""


@register.filter
def short_day(at: date | None) -> str:
    """`{{ case.target|short_day }}`: 30 Nov."""
    return wording.short_day(at) if at else ""


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`{{ fee.amount|money:fee.currency }}`: £80, or £80.50."""
    return wording.money(amount, currency) if amount is not None else ""


# --- Menu and footer ------------------------------------------------------------------------------


@register.simple_block_tag
def navigation_menu(content: str) -> SafeString | str:
    """The menu under the header. On a phone it folds away when it has more than one link."""
    links = content.count("<li ")
    if not links:
        return ""
    context = {"content": content, "folds": links > 1}
    return render_to_string("components/navigation_menu.html", context)


@register.inclusion_tag("components/navigation_link.html", takes_context=True)
def navigation_link(context: dict[str, Any], url_name: str, label: str) -> dict[str, Any]:
    """One link of the menu; nothing when this installation has no such page."""
    url = _address(url_name)
    request = context.get("request")
    current = bool(url and request and navigation.is_current(request, url))
    return {"link": navigation.Link(label, url, current) if url else None}


@register.inclusion_tag("components/footer_link.html")
def footer_link(url_name: str, label: str) -> dict[str, Any]:
    """One link of the footer; nothing when this installation has no such page."""
    return {"url": _address(url_name), "label": label}


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, label: str = "") -> dict[str, Any]:
    """`{% block before %}{% back_link url _("Your application") %}{% endblock %}`."""
    return {"url": url, "label": label or _("Back")}


@register.inclusion_tag("components/pagination.html")
def pagination(links: PageLinks) -> dict[str, Any]:
    """Previous and next, for pages by key."""
    return {"links": links}


# --- Errors and messages --------------------------------------------------------------------------


@register.filter
def has_errors(form: Any) -> bool:
    """Whether a form or formset was sent and is wrong; the page's title then begins with "Error:"."""
    return bool(form) and bool(problems_of([form]))


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Every error of these forms, at the top of the page, each a link to its field."""
    return {"problems": problems_of(forms)}


@register.inclusion_tag("components/notification.html")
def notification(
    sentence: Any, level: str = "info", title: str = "", html_id: Any = "1"
) -> dict[str, Any]:
    """A banner: `success` and `error` are read out at once, `info` and `warning` are not."""
    titles = {"success": _("Success"), "error": _("There is a problem")}
    return {
        "sentence": sentence,
        "level": level,
        "title": title or titles.get(level, _("Important")),
        "html_id": f"notification-{html_id}",
    }


@register.inclusion_tag("components/warning.html")
def warning(sentence: Any) -> dict[str, Any]:
    """Something with a consequence, such as a deadline."""
    return {"sentence": sentence}


@register.inclusion_tag("components/panel.html")
def panel(title: Any, body: Any = "") -> dict[str, Any]:
    """The green panel of a confirmation page. It holds the page's `h1`."""
    return {"title": title, "body": body}


# --- Status ---------------------------------------------------------------------------------------


@register.inclusion_tag("components/tag.html")
def tag(label: Any, colour: str = "blue") -> dict[str, Any]:
    """A status: a word on a coloured ground."""
    if colour not in TAG_COLOURS:
        raise ValueError(f"{colour} is not a colour of a tag")
    return {"label": label, "colour": colour}


@register.simple_tag
def light(light: Any, detail: Any = "", label: Any = "") -> SafeString:
    """How a promise stands: word, icon and colour. `light` is a code or an enum of such codes.

    `detail` is the small second line, such as "15 Nov, 6 days over".
    """
    code = str(getattr(light, "value", light))
    shown = _light(code, f"{label or LIGHT_LABELS[code]}")
    return format_html('{}<span class="app-sub">{}</span>', shown, detail) if detail else shown


@lru_cache(maxsize=64)
def _light(code: str, label: str) -> SafeString:
    """A list shows the same few again and again."""
    return render_to_string("components/light.html", {"code": code, "label": label})


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, html_id: str = "progress") -> dict[str, Any]:
    """A bar: 4 of 10 sections completed."""
    return {"done": done, "total": total, "html_id": html_id}


# --- Lists ----------------------------------------------------------------------------------------


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: list[Task], html_id: str = "task") -> dict[str, Any]:
    """Tasks with their status. Two lists on one page need different ids."""
    return {"tasks": tasks, "html_id": html_id}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: list[Row], plain: bool = False) -> dict[str, Any]:
    """Keys and values; `plain` leaves the rules between them out."""
    has_actions = any(row.actions for row in rows)
    return {"rows": rows, "plain": plain, "has_actions": has_actions}


@register.inclusion_tag("components/summary_card.html")
def summary_card(card: Card, level: int = 2) -> dict[str, Any]:
    """A titled group of rows. `level` is that of its heading on the page."""
    return {"card": card, "level": level}


@register.inclusion_tag("components/timeline.html")
def timeline(moments: Any) -> dict[str, Any]:
    """What happened, newest first if you give it so."""
    return {"moments": moments}
