"""The mailbox of the demonstration. Its pages exist in the embedded default alone, on loopback."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from itertools import islice
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.notifications import mailbox, rendering

View = Callable[..., HttpResponseBase]
SHOWN = 100


def loopback_only(view: View) -> View:
    """Everybody's mail lies here, so only somebody at this machine may read it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO or not _is_loopback(request.META.get("REMOTE_ADDR", "")):
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return require_safe(guarded)


@loopback_only
def mailbox_list(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("to", "").strip()
    mails = list(islice(mailbox.newest(wanted), SHOWN))
    context = {
        "mails": mails,
        "to": wanted,
        "shown": SHOWN,
        "codes": mailbox.sign_in_codes().items(),
    }
    return render(request, "notifications/demo/list.html", context)


@loopback_only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    found = _find(name)
    lines = [rendering.pieces(line) for line in found.text.splitlines()]
    return render(request, "notifications/demo/mail.html", {"mail": found, "lines": lines})


@csp_replace({"style-src": ["'unsafe-inline'"], "script-src": ["'none'"]})
@loopback_only
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML twin as a mail client shows it. Mail has inline styles, so this page may."""
    return HttpResponse(_find(name).html)


def _find(name: str) -> mailbox.KeptMail:
    found = mailbox.find(name)
    if found is None:
        raise Http404
    return found


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
