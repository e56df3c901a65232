"""The review queue, and what a reviewer has to read."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from admissions import presenting, queries, queue
from admissions.forms import FilterForm
from admissions.models import PROMISED, Need
from admissions.rules import FILE_ROLES, READERS
from admissions.views.common import person_of
from foundation.clock.lights import Light
from foundation.ui.charts import Bar, Line, bar_chart
from foundation.ui.components import PageLinks
from programmes.access import role_required
from programmes.queries import people_with

_CARDS = (
    (Light.OVERDUE, gettext_lazy("past the limit")),
    (Light.DUE_SOON, gettext_lazy("past the target")),
    (Light.ON_TRACK, gettext_lazy("before the target")),
)


@require_safe
@vary_on_headers("HX-Request")
@role_required(*FILE_ROLES)
def queue_page(request: HttpRequest) -> HttpResponse:
    """What needs doing, grouped by the next step. With htmx only the list is sent."""
    person, now = person_of(request), timezone.now()
    programmes = queries.office_programmes(person)
    form = FilterForm(
        request.GET,
        programmes=programmes,
        reviewers=list(people_with(*READERS, now=now)),
    )
    wanted = form.wanted()
    cases = queue.open_cases(programmes, person)
    chosen = queue.filtered(cases, wanted, person=person, now=now)
    page = queue.page_of(
        chosen, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context: dict[str, Any] = {
        "form": form,
        "wanted": wanted,
        "groups": presenting.groups_of(page.rows, now),
        "count": _count_in_words(queue.capped_count(chosen)),
        "chips": _chips(form),
        "links": PageLinks(
            previous_url=_url(form, before=page.before) if page.before else "",
            next_url=_url(form, after=page.after) if page.after else "",
        ),
    }
    if request.headers.get("HX-Request"):
        return render(request, "admissions/queue_results.html", context)
    summary = queue.summary_of(cases, now)
    context |= {
        "cards": [(light, summary.by_light.get(light, 0), words) for light, words in _CARDS],
        "needs": [(need, summary.by_need[need]) for need in Need if summary.by_need.get(need)],
        "running": sum(summary.by_need.get(need, 0) for need in PROMISED),
        "chart": _chart(summary),
        "total": summary.total,
    }
    return render(request, "admissions/queue.html", context)


def _count_in_words(count: int) -> str:
    """Exact up to 1,000, then "1,000+"."""
    most = queue.COUNTED_UP_TO
    number = f"{most:,}+" if count > most else f"{count:,}"
    return ngettext("%(number)s application", "%(number)s applications", count) % {"number": number}


def _asked(form: FilterForm) -> dict[str, str]:
    """The filters in use, as they stand in the address."""
    return {name: value for name, value in form.cleaned_data.items() if value}


def _url(form: FilterForm, **more: str) -> str:
    return f"{reverse('admissions:queue')}?{urlencode({**_asked(form), **more})}"


def _chips(form: FilterForm) -> list[tuple[Any, str, str]]:
    """Each filter in use: what it is, its value in words, and the address without it."""
    asked = _asked(form)
    chips = []
    for name, value in asked.items():
        choices = dict(getattr(form.fields[name], "choices", ()))
        rest = {other: kept for other, kept in asked.items() if other != name}
        url = reverse("admissions:queue") + (f"?{urlencode(rest)}" if rest else "")
        chips.append((form.fields[name].label, str(choices.get(value, value)), url))
    return chips


def _chart(summary: queue.Summary) -> Any:
    looks = dict.fromkeys(range(6), Light.ON_TRACK)
    looks |= {6: Light.DUE_SOON, 7: Light.DUE_SOON, queue.OLDEST_WEEK: Light.OVERDUE}
    bars = [
        Bar(
            label=f"{week}–{week + 1}" if week < queue.OLDEST_WEEK else f"{week}+",
            value=summary.by_week.get(week, 0),
            look=look.value,
            meaning=look.label,
            url=f"{reverse('admissions:queue')}?light={look.value}",
        )
        for week, look in looks.items()
    ]
    return bar_chart(
        html_id="ages",
        title=_("Age of open applications"),
        description=_(
            "Applications by weeks since their file was complete, without pauses. Six weeks is the "
            "target, eight the limit. The table after the chart has the same numbers."
        ),
        bars=bars,
        lines=[Line(6, _("6 weeks")), Line(8, _("8 weeks"))],
        axis=_("Weeks since the file was complete"),
        label_heading=_("Weeks"),
        value_heading=_("Applications"),
    )


@require_safe
@role_required(*READERS)
def my_reviews(request: HttpRequest) -> HttpResponse:
    """What one has to read, and what one has read."""
    now = timezone.now()
    assignments = list(queries.assignments_of(person_of(request)))
    context = {
        "to_read": [
            presenting.reading_row(row, now) for row in assignments if row.state != "reviewed"
        ],
        "done": [
            presenting.reading_row(row, now) for row in assignments if row.state == "reviewed"
        ],
    }
    return render(request, "admissions/my_reviews.html", context)
