"""The referee's pages: from the link to the receipt, without an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applicants.names import name_of
from foundation import documents
from foundation.documents import Purpose, Received, Unacceptable
from foundation.doors import Actor, Refused
from foundation.ui.components import Row
from foundation.ui.views import refused
from referees import actions, links, rules
from referees.forms import DeclineForm, LetterForm, NewLinkForm
from referees.models import DeclineReason, ReferenceRequest, RequestState

Page = Callable[[HttpRequest, ReferenceRequest], HttpResponseBase]


def in_request(page: Page) -> Callable[[HttpRequest], HttpResponseBase]:
    """A page inside one request: only with its two-hour session, and never from a cache."""

    @wraps(page)
    def guarded(http_request: HttpRequest) -> HttpResponseBase:
        request = links.current(http_request.session)
        if request is None:
            return _closed(http_request, _("This page has been closed for your safety."), 403)
        return page(http_request, request)

    return never_cache(guarded)


def _closed(http_request: HttpRequest, sentence: object, status: int) -> HttpResponse:
    """The one page for links that lead nowhere: it says why, and what one can do."""
    context = {"sentence": sentence, "new_link_url": reverse("referees:new_link")}
    return render(http_request, "referees/closed.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(http_request: HttpRequest, token: str) -> HttpResponse:
    """What an emailed link opens. GET changes nothing: mail scanners come here too."""
    request = links.request_for(token)
    if request is None:
        return _closed(
            http_request,
            _("This link is not complete or no longer known. Mail programs sometimes cut links."),
            404,
        )
    try:
        actions.check_can_be_opened(request)
        if http_request.method == "POST":
            actions.open_request(request.pk, actor=Actor.referee(request.pk))
    except Refused as refusal:
        return _closed(http_request, refusal.sentence, 410)
    if http_request.method == "POST":
        links.enter(http_request.session, request, timezone.now())
        return redirect("referees:write")
    return render(http_request, "referees/link.html", _about(request))


@require_http_methods(["GET", "HEAD", "POST"])
@in_request
def write(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Who the referee is, and the letter. What was uploaded survives an error elsewhere."""
    if request.state == RequestState.RECEIVED and not rules.may_replace(request, timezone.now()):
        return redirect("referees:sent")
    if http_request.method != "POST":
        return _write_page(http_request, request, LetterForm(initial=_initial(request)))
    received, problem = _received(http_request, request)
    form = LetterForm(
        http_request.POST,
        http_request.FILES,
        has_file=received is not None or _unsent_file(request),
    )
    if problem is not None:
        form.add_error("file", problem)
    if not form.is_valid():
        if received is not None:
            form.keep(documents.keep(received, holder=_holder(request)))
        return _write_page(http_request, request, form, received)
    try:
        actions.save_draft(
            request.pk,
            actor=Actor.referee(request.pk),
            received=received,
            **{
                name: form.cleaned_data[name]
                for name in ("name", "post", "institution", "relationship", "text")
            },
        )
    except Refused as refusal:
        return _closed(http_request, refusal.sentence, 409)
    return redirect("referees:check")


def _received(http_request: HttpRequest, request: ReferenceRequest) -> tuple[Received | None, Any]:
    """The file of this post, or the one kept from a post before; and what is wrong with it."""
    upload = http_request.FILES.get("file")
    if upload is None:
        return documents.kept(http_request.POST.get("kept", ""), holder=_holder(request)), None
    try:
        return documents.receive(upload, purpose=Purpose.LETTER), None
    except Unacceptable as refusal:
        return None, refusal.sentence


def _holder(request: ReferenceRequest) -> str:
    return f"letter:{request.pk}"


def _unsent_file(request: ReferenceRequest) -> bool:
    """An uploaded file that is not sent yet and that no text has taken the place of."""
    newest = request.document.newest if request.document else None
    if newest is None or request.draft_text:
        return False
    return not request.letters.filter(version=newest).exists()


def _initial(request: ReferenceRequest) -> dict[str, str]:
    nominee = request.nominee
    return {
        "name": request.referee_name or nominee.full_name,
        "post": request.referee_post or nominee.post,
        "institution": request.referee_institution or nominee.institution,
        "relationship": request.relationship,
        "text": request.draft_text,
    }


def _write_page(
    http_request: HttpRequest,
    request: ReferenceRequest,
    form: LetterForm,
    received: Received | None = None,
) -> HttpResponse:
    file_name = received.original_name if received else ""
    if not file_name and request.document and _unsent_file(request):
        file_name = request.document.newest.original_name if request.document.newest else ""
    context = {
        **_about(request),
        "form": form,
        "file_name": file_name,
        "letter_heading": _("Your letter"),
        "is_replacing": request.state == RequestState.RECEIVED,
    }
    return render(http_request, "referees/write.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_request
def check(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Look at it once more, then send."""
    has_file = _unsent_file(request)
    if http_request.method == "POST":
        try:
            actions.send_letter(request.pk, actor=Actor.referee(request.pk))
        except Refused as refusal:
            return refused(
                http_request,
                refusal,
                back_url=reverse("referees:write"),
                template="referee.html",
            )
        return redirect("referees:sent")
    if not has_file and not request.draft_text:
        return redirect("referees:write")
    rows = [
        Row(_("Your name"), request.referee_name),
        Row(_("Your post"), request.referee_post),
        Row(_("Where you work"), request.referee_institution),
        Row(_("How you know the applicant"), request.relationship),
    ]
    context = {
        **_about(request),
        "rows": rows,
        "version": request.document.newest if has_file and request.document else None,
        "text": request.draft_text,
    }
    return render(http_request, "referees/check.html", context)


@require_safe
@in_request
def draft_file(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponseBase:
    """The referee's own uploaded file, before and after sending."""
    version = request.document.current if request.document else None
    if version is None:
        return _closed(http_request, _("There is no file here yet."), 404)
    return documents.serve(version, reader=Actor.referee(request.pk), reason="own letter")


@require_safe
@in_request
def sent(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    if request.state != RequestState.RECEIVED:
        return redirect("referees:write")
    may_replace = rules.may_replace(request, timezone.now())
    replace_until = request.received_at + rules.REPLACEMENT_TIME if request.received_at else None
    context = {
        **_about(request),
        "may_replace": may_replace,
        "replace_until": replace_until,
    }
    return render(http_request, "referees/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_request
def decline(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Saying no is a good answer: the applicant can ask somebody else today."""
    form = DeclineForm(http_request.POST or None)
    form = DeclineForm(http_request.POST or None)
    if http_request.method == "POST" and form.is_valid():
        try:
            actions.decline_request(
                request.pk,
                actor=Actor.referee(request.pk),
                reason=DeclineReason(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"],
            )
        except Refused as refusal:
            return _closed(http_request, refusal.sentence, 409)
        links.leave(http_request.session)
        return render(http_request, "referees/declined.html", _about(request))
    return render(http_request, "referees/decline.html", {**_about(request), "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(http_request: HttpRequest) -> HttpResponse:
    """A new link to the address we have. It says the same whether we know the address or not."""
    form = NewLinkForm(http_request.POST or None)
    if http_request.method == "POST" and form.is_valid():
        actions.send_new_links(form.cleaned_data["email"], actor=Actor.provider("referee"))
        return render(http_request, "referees/new_link_sent.html")
    return render(http_request, "referees/new_link.html", {"form": form})


def _about(request: ReferenceRequest) -> dict[str, object]:
    """What each of these pages says about who asks, for what, and by when."""
    application = request.application
    by = rules.expires_at(request)
    return {
        "request_": request,
        "applicant": name_of(application),
        "programme": application.intake.programme,
        "by": by,
    }
