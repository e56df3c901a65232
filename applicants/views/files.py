"""The pages of the files: transcripts and certificates, the CV; reading, removing, replacing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from applicants import actions, own_sections, queries, rules, sections
from applicants.file_forms import files_form
from applicants.models import Application, FileKind, SectionFile
from applicants.steps.files import is_being_checked, is_unusable
from applicants.told import rules_of
from applicants.views.access import own_application, own_draft, refused
from foundation import documents
from foundation.documents import Purpose
from foundation.doors import Actor, Refused
from foundation.ui.forms import PortalForm
from programmes.models import DocumentKind

form_page = require_http_methods(["GET", "HEAD", "POST"])

#: What the page of a kind of file calls things.
LABELS = {
    FileKind.TRANSCRIPT: (gettext_lazy("Add transcripts"), gettext_lazy("Upload transcripts")),
    FileKind.CERTIFICATE: (
        gettext_lazy("Add certificates"),
        gettext_lazy("Upload certificates"),
    ),
    FileKind.CV: (gettext_lazy("Your CV"), gettext_lazy("Upload CV")),
}
HEADINGS = {
    FileKind.TRANSCRIPT: gettext_lazy("Transcripts"),
    FileKind.CERTIFICATE: gettext_lazy("Certificates"),
    FileKind.CV: gettext_lazy("CV"),
}


@dataclass(frozen=True)
class Shown:
    """A file as a page shows it."""

    name: str
    facts: str
    is_clean: bool
    is_being_checked: bool
    is_unusable: bool
    url: str
    remove_url: str
    replace_url: str


@dataclass(frozen=True)
class Part:
    """The files of one kind on a page, and the form that adds to them."""

    kind: FileKind
    heading: Any
    guide: str
    files: list[Shown]
    form: PortalForm


def shown(application: Application, file: SectionFile) -> Shown:
    args = [application.reference, file.document_id]
    newest = file.document.newest
    return Shown(
        name=own_sections.file_name(file),
        facts=own_sections.file_facts(file),
        is_clean=newest is not None and newest.is_clean,
        is_being_checked=is_being_checked(file),
        is_unusable=is_unusable(file),
        url=reverse("applicants:file", args=args),
        remove_url=reverse("applicants:remove_file", args=args) if application.is_draft else "",
        replace_url=reverse("applicants:replace_file", args=args)
        if is_unusable(file) and rules.may_replace_file(application)
        else "",
    )


@form_page
@own_draft
def transcripts(request: HttpRequest, application: Application) -> HttpResponse:
    return _files_page(
        request, application, "transcripts", (FileKind.TRANSCRIPT, FileKind.CERTIFICATE)
    )


@form_page
@own_draft
def cv(request: HttpRequest, application: Application) -> HttpResponse:
    return _files_page(request, application, "cv", (FileKind.CV,))


def _files_page(
    request: HttpRequest,
    application: Application,
    section: str,
    kinds: tuple[FileKind, ...],
) -> HttpResponse:
    """Lists of files and a form for each kind. Good files are kept whatever is wrong with others."""
    sent: dict[FileKind, PortalForm] = {}
    if request.method == "POST":
        kind = next((kind for kind in kinds if kind in request.POST), kinds[0])
        form = _form(kind, request)
        try:
            added = _add_all(request, application, kind, form)
        except Refused as refusal:
            return refused(request, application, refusal)
        if added and form.is_valid():
            messages.success(request, _added(added))
            return redirect(request.path)
        sent[kind] = form
        if added:
            # The list below the errors shows what was kept.
            application = _again(request, application)
    parts = [_part(application, kind, sent.get(kind)) for kind in kinds]
    context = {
        "application": application,
        "section": sections.get(section),
        "parts": parts,
        "form": next(iter(sent.values()), None),
        "back_url": reverse("applicants:overview", args=[application.reference]),
        "is_plural": len(kinds) > 1,
    }
    return render(request, "applicants/files.html", context)


def _form(kind: FileKind, request: HttpRequest | None = None) -> PortalForm:
    label, button = LABELS[kind]
    form_class = files_form(
        Purpose(kind.value), label, button, many=kind is not FileKind.CV, name=kind.value
    )
    if request is None:
        return form_class(prefix=kind.value)
    return form_class(request.POST, request.FILES, prefix=kind.value)


def _add_all(
    request: HttpRequest, application: Application, kind: FileKind, form: PortalForm
) -> list[str]:
    """Take every file that is good; the sentence about another one names it. Returns the names."""
    if not form.is_valid():
        return []
    given = form.cleaned_data["file"]
    uploads: list[UploadedFile] = given if isinstance(given, list) else [given]
    added = []
    for upload in uploads:
        try:
            received = documents.receive(upload, purpose=Purpose(kind.value))
            file = actions.add_file(
                application.pk,
                kind=kind,
                received=received,
                actor=Actor.person(request.user),
            )
        except Refused as refusal:
            if refusal.code in ("moved_on", "not_allowed"):
                raise
            form.add_error("file", _about(upload, refusal, alone=len(uploads) == 1))
        else:
            added.append(str(file.pk))
    return added


def _about(upload: UploadedFile, refusal: Refused, *, alone: bool) -> str:
    if alone:
        return str(refusal.sentence)
    return f"{upload.name}: {refusal.sentence}"


def _added(added: list[str]) -> str:
    return ngettext("%(count)s file added", "%(count)s files added", len(added)) % {
        "count": len(added)
    }


def _again(request: HttpRequest, application: Application) -> Application:
    person: Any = request.user
    return queries.get_with_sections(person, application.reference)


def _part(application: Application, kind: FileKind, form: PortalForm | None) -> Part:
    rule = rules_of(application).document(DocumentKind(kind.value))
    return Part(
        kind=kind,
        heading=HEADINGS[kind],
        guide=rule.guide if rule else "",
        files=[shown(application, file) for file in own_sections.files_of(application, kind)],
        form=form or _form(kind),
    )


# --- One file -------------------------------------------------------------------------------------


def _file(application: Application, document_id: UUID) -> SectionFile:
    for file in application.files.all():
        if file.document_id == document_id:
            return file
    raise Http404


@require_GET
@own_application
def download(request: HttpRequest, application: Application, document_id: UUID) -> HttpResponseBase:
    """One's own file, as it is kept. The reading is logged."""
    file = _file(application, document_id)
    newest = file.document.newest
    if newest is None:
        raise Http404
    try:
        return documents.serve(newest, reader=Actor.person(request.user), reason="own file")
    except Refused as refusal:
        return refused(request, application, refusal)


@form_page
@own_draft
def remove(request: HttpRequest, application: Application, document_id: UUID) -> HttpResponse:
    """Ask whether to remove a file; POST removes it. Removed already: on we go."""
    file = next(
        (file for file in application.files.all() if file.document_id == document_id),
        None,
    )
    section = "cv" if file is not None and file.kind == FileKind.CV else "transcripts"
    back = sections.get(section).url(application)
    if request.method == "POST":
        try:
            actions.remove_file(application.pk, document_id, actor=Actor.person(request.user))
        except Refused as refusal:
            return refused(request, application, refusal)
        return redirect(back)
    if file is None:
        raise Http404
    context = {
        "application": application,
        "back_url": back,
        "question": _("Remove this file?"),
        "name": own_sections.file_name(file),
        "button": _("Remove file"),
    }
    return render(request, "applicants/confirm_removal.html", context)


@form_page
@own_application
def replace(request: HttpRequest, application: Application, document_id: UUID) -> HttpResponse:
    """Another file in the place of one that can't be used, also after submission."""
    file = _file(application, document_id)
    kind = FileKind(file.kind)
    form_class = files_form(
        Purpose(kind.value), _("The file again"), _("Replace file"), many=False, name="replace"
    )
    form = form_class(request.POST if request.method == "POST" else None, request.FILES or None)
    overview = reverse("applicants:overview", args=[application.reference])
    if not is_unusable(file) or not rules.may_replace_file(application):
        return redirect(overview)
    if form.is_bound and form.is_valid():
        try:
            received = documents.receive(form.cleaned_data["file"], purpose=Purpose(kind.value))
            actions.replace_file(
                application.pk,
                document_id,
                received=received,
                actor=Actor.person(request.user),
            )
        except documents.Unacceptable as refusal:
            form.add_error("file", str(refusal.sentence))
        except Refused as refusal:
            return refused(request, application, refusal)
        else:
            return redirect(overview)
    context = {
        "application": application,
        "form": form,
        "name": own_sections.file_name(file),
        "back_url": overview,
    }
    return render(request, "applicants/replace_file.html", context)
