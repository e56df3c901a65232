"""Adding and removing the files of a draft, and replacing one that turned out unusable.

The view receives an upload first (`documents.receive`), outside any transaction, because a check
takes up to 20 seconds.
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants import events, rules
from applicants.models import Application, FileKind, SectionFile
from applicants.steps import files
from applicants.steps.editing import moved_on, note, open_for_editing, open_own, touch
from foundation.documents import Received
from foundation.documents import steps as documents
from foundation.documents.models import DocumentVersion
from foundation.doors import Actor, Refused, door

#: Of one kind. More pages than anybody reads; a bound for what one application can hold.
MAX_FILES = 20

__all__ = ["add_file", "remove_file", "replace_file"]


@door
def add_file(
    application_id: int,
    *,
    kind: FileKind,
    received: Received,
    actor: Actor,
    now: datetime | None = None,
) -> SectionFile:
    """Add a transcript or certificate; a CV becomes the next version of the one that is there.

    The same file of the same kind is added once, however often it is sent. Raises Refused `moved_on`
    when the application is no draft any more, `too_many` above MAX_FILES of a kind.
    """
    now = now or timezone.now()
    application = open_for_editing(application_id, actor=actor)
    present = files.present(application, kind)
    same = files.with_content(present, received.sha256)
    if same is not None:
        return same
    if kind is FileKind.CV and present:
        file = present[0]
        _attach(application, received, kind, file, actor=actor, now=now)
        return file
    if len(present) >= MAX_FILES:
        raise Refused(
            "too_many",
            _("You can add %(count)s files here. Remove one to add another.")
            % {"count": MAX_FILES},
        )
    version = _attach(application, received, kind, None, actor=actor, now=now)
    return SectionFile.objects.create(
        application=application, kind=kind, document=version.document, added_at=now
    )


@door
def remove_file(
    application_id: int, document_id: UUID, *, actor: Actor, now: datetime | None = None
) -> None:
    """Take a file out of a draft. Removed already, or never there: nothing happens."""
    now = now or timezone.now()
    application = open_for_editing(application_id, actor=actor)
    file = SectionFile.objects.filter(
        application=application, document_id=document_id, removed_at=None
    ).first()
    if file is None:
        return
    file.removed_at = now
    file.save(update_fields=["removed_at"])
    touch(application, now=now)
    note(
        events.FILE_REMOVED,
        application,
        actor=actor,
        now=now,
        data={"kind": file.kind, "document": str(file.document_id)},
    )


@door
def replace_file(
    application_id: int,
    document_id: UUID,
    *,
    received: Received,
    actor: Actor,
    now: datetime | None = None,
) -> SectionFile:
    """Put a usable file in the place of one that is infected or can't be read, also when submitted.

    Raises Refused `gone` when the file is not there, `file_is_fine` when nothing is wrong with it,
    and `moved_on` when the file is complete or ended.
    """
    now = now or timezone.now()
    application = open_own(application_id, actor=actor)
    if not rules.may_replace_file(application):
        raise moved_on(application)
    file = files.find(application, document_id)
    if file is None:
        raise Refused("gone", _("This file has been removed meanwhile."))
    if not files.is_unusable(file):
        raise Refused("file_is_fine", _("This file is fine and needs no other."))
    _attach(application, received, FileKind(file.kind), file, actor=actor, now=now)
    files.look_at_files(application, actor=actor, arrived_at=now, now=now)
    return file


def _attach(
    application: Application,
    received: Received,
    kind: FileKind,
    file: SectionFile | None,
    *,
    actor: Actor,
    now: datetime,
) -> DocumentVersion:
    version = documents.attach(
        received,
        stream=application.public_id,
        kind=kind.value,
        actor=actor,
        document=file.document if file is not None else None,
    )
    touch(application, now=now)
    note(
        events.FILE_ADDED,
        application,
        actor=actor,
        now=now,
        data={
            "kind": kind.value,
            "document": str(version.document_id),
            "version": str(version.id),
        },
    )
    return version
