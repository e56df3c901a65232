"""Pages that answer when something went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from foundation.doors import Refused
from foundation.ui.context import institution


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without a token that we gave out: most often a page left open for a long time.

    `reason` is for developers and not shown.
    """
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something of ours broke. The page asks neither the database nor the session for anything."""
    return HttpResponse(render_to_string("500.html", institution()), status=500)


def refused(
    request: HttpRequest,
    refusal: Refused,
    *,
    back_url: str = "",
    back_label: object = "",
    template: str = "base.html",
) -> HttpResponse:
    """Show why an action can't be done now, with a way on. Nothing was changed.

    `template` is the layout of the page it came from: `applicant.html`, `referee.html`, `staff.html`.
    409, because the request was right and the state has moved on.
    """
    context = {
        "sentence": refusal.sentence,
        "code": refusal.code,
        "back_url": back_url,
        "back_label": back_label,
        "layout": template,
    }
    return render(request, "refused.html", context, status=409)


def unavailable(
    request: HttpRequest, sentence: object = "", *, retry_after: int = 300
) -> HttpResponse:
    """A part that this page needs is out of reach. `retry_after` is in seconds."""
    html = render_to_string("503.html", {**institution(), "sentence": sentence})
    return HttpResponse(html, status=503, headers={"Retry-After": str(retry_after)})
