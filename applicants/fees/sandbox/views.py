"""The sandbox's API for the portal, and its page for whoever pays."""

import hmac
import json
import secrets
import urllib.error
import urllib.request
from decimal import Decimal
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants.fees.sandbox.signing import sign
from foundation.ui.wording import money

#: What the buttons of the page do to a checkout.
OUTCOMES = {"pay": "paid", "decline": "declined", "abandon": "abandoned"}
WEBHOOK_TIMEOUT_SECONDS = 5


def _key(name: str) -> str:
    return f"sandbox:{name}"


def _load(checkout_id: str) -> dict[str, Any]:
    checkout: dict[str, Any] | None = cache.get(_key(checkout_id))
    if checkout is None:
        raise Http404
    return checkout


def _is_portal(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given, f"Bearer {settings.SANDBOX_SECRET}")


@csrf_exempt
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Make a checkout. The same idempotency key gives the same one."""
    if not _is_portal(request):
        return JsonResponse({"error": "unauthorised"}, status=401)
    asked = json.loads(request.body)
    key = _key(f"idempotency:{asked['idempotency_key']}")
    checkout_id = f"sbx_{secrets.token_urlsafe(16)}"
    if not cache.add(key, checkout_id, timeout=None):
        checkout_id = cache.get(key)
    else:
        fields = ("amount", "currency", "description", "return_url", "webhook_url")
        checkout = {"id": checkout_id, "state": "open", **{name: asked[name] for name in fields}}
        cache.set(_key(checkout_id), checkout, timeout=None)
    address = settings.SANDBOX_URL + reverse("page", args=[checkout_id])
    return JsonResponse({"id": checkout_id, "url": address})


@csrf_exempt
@require_safe
def show(request: HttpRequest, checkout_id: str) -> HttpResponse:
    if not _is_portal(request):
        return JsonResponse({"error": "unauthorised"}, status=401)
    return JsonResponse(_public(_load(checkout_id)))


@csrf_exempt
@require_POST
def expire(request: HttpRequest, checkout_id: str) -> HttpResponse:
    """Close a checkout that nobody paid. One that is over stays as it is."""
    if not _is_portal(request):
        return JsonResponse({"error": "unauthorised"}, status=401)
    checkout = _load(checkout_id)
    if checkout["state"] == "open":
        checkout["state"] = "abandoned"
        cache.set(_key(checkout_id), checkout, timeout=None)
    return JsonResponse(_public(checkout))


def _public(checkout: dict[str, Any]) -> dict[str, str]:
    return {name: checkout[name] for name in ("id", "state", "amount", "currency")}


@csp_update({"form-action": [settings.PUBLIC_URL]})  # type: ignore[arg-type]
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, checkout_id: str) -> HttpResponse:
    """Where one pays, declines or leaves. A checkout that is over goes straight back."""
    checkout = _load(checkout_id)
    if request.method == "POST" and checkout["state"] == "open":
        outcome = OUTCOMES.get(request.POST.get("do", ""))
        if outcome is None:
            raise Http404
        checkout["state"] = outcome
        cache.set(_key(checkout_id), checkout, timeout=None)
        _tell_portal(checkout)
    if checkout["state"] != "open":
        return HttpResponseRedirect(checkout["return_url"])
    amount = money(Decimal(checkout["amount"]), checkout["currency"])
    return render(request, "sandbox/page.html", {"checkout": checkout, "amount": amount})


def _tell_portal(checkout: dict[str, Any]) -> None:
    """Send the webhook. If the portal can't be reached, it will ask by itself."""
    event = {"id": f"evt_{secrets.token_urlsafe(12)}", "checkout": _public(checkout)}
    body = json.dumps(event).encode()
    request = urllib.request.Request(  # noqa: S310 (the portal gave the address)
        checkout["webhook_url"],
        data=body,
        headers={
            "Content-Type": "application/json",
            "Sandbox-Signature": sign(body, settings.SANDBOX_SECRET),
        },
    )
    try:
        urllib.request.urlopen(request, timeout=WEBHOOK_TIMEOUT_SECONDS).close()  # noqa: S310
    except (urllib.error.URLError, OSError):
        return


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "sandbox/not_found.html", status=404)
