"""The referee's pages: from the link to the receipt, without an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applicants.names import name_of
from foundation import documents
from foundation.documents import Purpose, Received, Unacceptable
from foundation.doors import Actor, Refused
from foundation.ui.components import Row
from foundation.ui.wording import deadline
from foundation.ui.words import count_words
from referees import actions, links, queries, rules
from referees.forms import DeclineForm, LetterForm, NewLinkForm
from referees.models import DeclineReason, ReferenceRequest, RequestState

Page = Callable[[HttpRequest, ReferenceRequest], HttpResponseBase]


def in_request(page: Page) -> Callable[[HttpRequest], HttpResponseBase]:
    """A page inside one request: only with its two-hour session, and never from a cache."""

    @wraps(page)
    def guarded(http_request: HttpRequest) -> HttpResponseBase:
        request = links.current(http_request.session)
        if request is None:
            return _closed(http_request, "session_over", status=403)
        return page(http_request, request)

    return never_cache(guarded)


def _closed(
    http_request: HttpRequest, why: str, *, sentence: object = "", status: int = 410
) -> HttpResponse:
    """The one page for links that lead nowhere: it says why, and what one can do."""
    context = {"why": why, "sentence": sentence}
    return render(http_request, "referees/closed.html", context, status=status)


def _refused(http_request: HttpRequest, refusal: Refused, *, status: int = 409) -> HttpResponse:
    return _closed(http_request, refusal.code, sentence=refusal.sentence, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(http_request: HttpRequest, token: str) -> HttpResponse:
    """What an emailed link opens. GET changes nothing: mail scanners come here too."""
    request = links.request_for(token)
    if request is None:
        return _closed(http_request, "unknown_link", status=404)
    now = timezone.now()
    try:
        if http_request.method == "POST":
            actions.open_request(request.pk, actor=Actor.referee(request.pk), now=now)
        else:
            rules.check_open(request, now)
    except Refused as refusal:
        return _refused(http_request, refusal, status=410)
    if http_request.method == "POST":
        links.enter(http_request.session, request, now)
        return redirect("referees:sent" if _is_received(request) else "referees:write")
    return render(http_request, "referees/link.html", _about(request))


def _is_received(request: ReferenceRequest) -> bool:
    return request.state == RequestState.RECEIVED


@require_http_methods(["GET", "HEAD", "POST"])
@in_request
def write(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Who the referee is, and the letter. What was uploaded survives an error elsewhere."""
    if _is_received(request) and not rules.may_replace(request, timezone.now()):
        return redirect("referees:sent")
    try:
        rules.check_open(request, timezone.now())
        if http_request.method == "POST":
            return _take(http_request, request)
    except Refused as refusal:
        return _refused(http_request, refusal)
    return _write_page(http_request, request, LetterForm(initial=_initial(request)))


def _take(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Save what was sent, or show the page again with what is wrong. Raises Refused."""
    received, problem = _received(http_request, request)
    form = LetterForm(
        http_request.POST,
        http_request.FILES,
        has_file=received is not None or _has_usable_file(request),
    )
    if problem is not None and not form.has_error("file"):
        form.add_error("file", problem)
    if not form.is_valid():
        if received is not None and not http_request.POST.get("text", "").strip():
            form.keep(documents.keep(received, holder=_holder(request)))
            return _write_page(http_request, request, form, received)
        return _write_page(http_request, request, form)
    actions.save_draft(
        request.pk,
        actor=Actor.referee(request.pk),
        # A text beside a file from an earlier try is the newer of the two.
        received=None if form.cleaned_data["text"] else received,
        **{
            name: form.cleaned_data[name]
            for name in ("name", "post", "institution", "relationship", "text")
        },
    )
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


def _has_usable_file(request: ReferenceRequest) -> bool:
    """An uploaded file that can be sent, or can be once it is checked."""
    file = queries.unsent_file(request)
    return file is not None and (file.is_clean or file.is_being_checked)


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
    file = queries.unsent_file(request)
    context = {
        **_about(request),
        "form": form,
        "kept_name": received.original_name if received else file.original_name if file else "",
        "file_is_unusable": received is None and file is not None and not _has_usable_file(request),
        "person_heading": _("About you"),
        "letter_heading": _("Your letter"),
    }
    return render(http_request, "referees/write.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_request
def check(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Look at it once more, then send."""
    has_file = _has_usable_file(request)
    if not has_file and not request.draft_text:
        # Sent already, by a double click or on another device; or nothing was written yet.
        return redirect("referees:sent" if _is_received(request) else "referees:write")
    if http_request.method == "POST":
        try:
            actions.send_letter(request.pk, actor=Actor.referee(request.pk))
        except Refused as refusal:
            if refusal.code == "nothing_to_send":
                return redirect("referees:sent")
            return _refused(http_request, refusal)
        return redirect("referees:sent")
    rows = [
        Row(_("Your name"), request.referee_name),
        Row(_("Your post"), request.referee_post),
        Row(_("Where you work"), request.referee_institution),
        Row(_("How you know the applicant"), request.relationship),
    ]
    context = {
        **_about(request),
        "rows": rows,
        "file": queries.unsent_file(request),
        "text": request.draft_text,
        "words": count_words(request.draft_text),
    }
    return render(http_request, "referees/check.html", context)


@require_safe
@in_request
def draft_file(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponseBase:
    """The referee's own uploaded file, before and after sending."""
    version = request.document.newest if request.document else None
    if version is None or not version.is_clean:
        return _closed(http_request, "no_file", status=404)
    return documents.serve(version, reader=Actor.referee(request.pk), reason="own letter")


@require_safe
@in_request
def sent(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Thank you, and until when the letter can be replaced."""
    if not _is_received(request):
        return redirect("referees:write")
    return render(http_request, "referees/sent.html", _about(request))


@require_http_methods(["GET", "HEAD", "POST"])
@in_request
def decline(http_request: HttpRequest, request: ReferenceRequest) -> HttpResponse:
    """Saying no is a good answer: the applicant can ask somebody else today."""
    if _is_received(request):
        return redirect("referees:sent")
    form = DeclineForm(http_request.POST if http_request.method == "POST" else None)
    try:
        rules.check_open(request, timezone.now())
        if http_request.method == "POST" and form.is_valid():
            actions.decline_request(
                request.pk,
                actor=Actor.referee(request.pk),
                reason=DeclineReason(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"],
            )
            links.leave(http_request.session)
            return redirect("referees:declined")
    except Refused as refusal:
        return _refused(http_request, refusal)
    return render(http_request, "referees/decline.html", {**_about(request), "form": form})


@never_cache
@require_safe
def declined(http_request: HttpRequest) -> HttpResponse:
    return render(http_request, "referees/declined.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(http_request: HttpRequest) -> HttpResponse:
    """A new link to the address we have. It says the same whether we know the address or not."""
    form = NewLinkForm(http_request.POST if http_request.method == "POST" else None)
    if http_request.method == "POST" and form.is_valid():
        actions.send_new_links(form.cleaned_data["email"], actor=Actor.provider("referee"))
        return redirect("referees:new_link_sent")
    return render(http_request, "referees/new_link.html", {"form": form})


@never_cache
@require_safe
def new_link_sent(http_request: HttpRequest) -> HttpResponse:
    return render(http_request, "referees/new_link_sent.html")


def _about(request: ReferenceRequest) -> dict[str, object]:
    """What each of these pages says about who asks, for what, and by when."""
    application = request.application
    rows = [
        Row(_("Applicant"), name_of(application)),
        Row(_("Programme"), application.intake.programme.title),
        Row(_("Reference"), application.reference),
    ]
    by = rules.expires_at(request)
    if by and not _is_received(request):
        rows.append(Row(_("Send by"), deadline(by)))
    received_at = request.received_at
    return {
        "facts": rows,
        "applicant": name_of(application),
        "is_received": _is_received(request),
        "may_replace": rules.may_replace(request, timezone.now()),
        "replace_until": received_at + rules.REPLACEMENT_TIME if received_at else None,
    }
