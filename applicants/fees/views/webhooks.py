"""Where payment providers tell us what happened."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from applicants.fees import actions
from applicants.fees.providers import BadWebhook

#: More than any provider sends, and little enough to be read before it is verified.
MAX_BYTES = 64 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Verify, store, answer; the worker reads it. 400 for what is not the provider's."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return HttpResponse(status=413)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return HttpResponse(status=413)
    try:
        actions.receive_webhook(provider, body, request.headers)
    except (BadWebhook, UnicodeDecodeError):
        return HttpResponse(status=400)
    return HttpResponse(status=204)
