"""The floor: what a signed-in page of 25 rows costs on this server at least.

All of the portal's middleware, the session, the person, one indexed SELECT and a template. Its
address exists in the benchmark's URLconf alone.
"""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.http import require_safe

from admissions.models import Need, ReviewCase

ROWS = 25
TEMPLATE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Floor</title></head>
<body>
<h1>{{ request.user.full_name }}</h1>
<table>
{% for row in rows %}<tr><td>{{ row.search_text }}</td><td>{{ row.reviewers }}</td>
<td>{{ row.country }}</td><td>{{ row.letters_in }} of {{ row.letters_of }}</td>
<td>{{ row.sort_at|date:"j F Y" }}</td></tr>
{% endfor %}</table>
</body>
</html>
"""


@cache
def _template() -> Any:
    return engines["django"].from_string(TEMPLATE)


@require_safe
@login_required
def floor(request: HttpRequest) -> HttpResponse:
    rows = ReviewCase.objects.exclude(need=Need.NONE).order_by("need", "sort_at", "application_id")
    return HttpResponse(_template().render({"rows": rows[:ROWS]}, request))
