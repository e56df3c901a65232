"""Copies of whole applications: every row that belongs to one, under new keys and names.

A copy holds every invariant that its original holds, because it is the same rows. What must be one
person's or one file's alone is made anew; what happened can be moved back in time as a whole.
"""

import hashlib
import secrets
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils import timezone

from admissions.models import ReviewCase
from applicants.models import Application
from applicants.references import new_reference
from foundation.accounts.models import PersonSession
from foundation.documents import names
from foundation.documents.models import Document
from foundation.history.models import Event

#: Not copied: a queue's row is derived, a session is a browser's.
LEFT_OUT = (ReviewCase, PersonSession)
#: Columns that name a row without a foreign key, with the column that says whose id it is.
NAMED_BY_KIND = {"actor_id": "actor_kind", "added_by_id": "added_by_kind"}
KINDS = {"person": "person", "referee": "referencerequest"}
#: Keys of an event's facts that are called otherwise than the model whose id they hold.
FACTS = {"reviewer": "person"}

Rows = dict[type[models.Model], list[Any]]


@dataclass(frozen=True)
class Original:
    """An application with everything that hangs on it, and the contents of its files."""

    application: Application
    rows: Rows
    files: dict[str, bytes]

    @classmethod
    def read(cls, application: Application) -> "Original":
        rows: Rows = defaultdict(list)
        _collect(application.applicant, rows)
        stream = application.public_id
        for model in (Document, Event):
            for row in model._default_manager.filter(stream=stream):
                _collect(row, rows)
        stored = [
            row.storage_name for found in rows.values() for row in found if hasattr(row, "sha256")
        ]
        return cls(application, dict(rows), {name: _content(name) for name in stored})


def _collect(row: Any, rows: Rows) -> None:
    """The row and, from it, all rows that point at it."""
    found = rows[type(row)]
    if any(row.pk == known.pk for known in found):
        return
    found.append(row)
    for relation in row._meta.related_objects:
        model = relation.related_model
        if relation.many_to_many or model in LEFT_OUT:
            continue
        for other in model._default_manager.filter(**{relation.field.name: row.pk}):
            _collect(other, rows)


def _content(name: str) -> bytes:
    with default_storage.open(name) as stored:
        return bytes(stored.read())


@dataclass(frozen=True)
class Identity:
    """Who the copy's applicant is, how far back it is moved, and who stands for which reviewer."""

    name: str
    email: str
    days_back: int = 0
    reviewers: tuple[tuple[int, int], ...] = ()


class Copier:
    """Makes copies in memory; `write` inserts all of them, one statement for each kind of row."""

    def __init__(self) -> None:
        self.made: Rows = defaultdict(list)
        self.applications: list[int] = []
        self.keys: dict[type[models.Model], list[int]] = {}

    def copy(self, original: Original, identity: Identity) -> None:
        _Copy(self, original, identity).make()

    def next_key(self, model: type[models.Model]) -> int:
        """A fresh id of the table's own sequence, fetched a thousand at a time."""
        waiting = self.keys.setdefault(model, [])
        if not waiting:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, 1000)",
                    [model._meta.db_table, model._meta.pk.column],
                )
                waiting += [row[0] for row in cursor.fetchall()]
        return waiting.pop(0)

    def write(self) -> list[int]:
        """Insert everything, in the caller's transaction; returns the applications' ids.

        Foreign keys are checked at its end, so the order of the tables does not matter.
        """
        for model, rows in self.made.items():
            model._default_manager.bulk_create(rows, batch_size=500)
        self.made.clear()
        written, self.applications = self.applications, []
        return written


class _Copy:
    """One copy in the making: which old key has become which new one."""

    def __init__(self, copier: Copier, original: Original, identity: Identity) -> None:
        self.copier = copier
        self.original = original
        self.identity = identity
        self.ids: dict[tuple[str, Any], Any] = {
            ("person", old): new for old, new in identity.reviewers
        }
        self.uuids: dict[uuid.UUID, uuid.UUID] = {}

    def make(self) -> None:
        rows = [row for found in self.original.rows.values() for row in found]
        for row in rows:
            self._give_keys(row)
        for row in rows:
            self.copier.made[type(row)].append(self._copied(row))
        application = self.original.application
        self.copier.applications.append(self.ids["application", application.pk])

    def _give_keys(self, row: Any) -> None:
        meta = row._meta
        for field in meta.concrete_fields:
            if isinstance(field, models.UUIDField) and field.unique:
                self.uuids[getattr(row, field.attname)] = uuid.uuid4()
        if isinstance(meta.pk, models.UUIDField):
            self.ids[meta.model_name, row.pk] = self.uuids[row.pk]
        elif not meta.pk.is_relation:
            self.ids[meta.model_name, row.pk] = self.copier.next_key(type(row))

    def _copied(self, row: Any) -> Any:
        values = {
            field.attname: self._value(row, field, getattr(row, field.attname))
            for field in row._meta.concrete_fields
        }
        return type(row)(**values)

    def _value(self, row: Any, field: Any, value: Any) -> Any:
        """What the copy has in this field."""
        made = MADE.get((row._meta.model_name, field.name))
        if value is None:
            new = None
        elif made is not None:
            new = made(self, row, value)
        elif isinstance(field, models.UUIDField):
            new = self.uuids.get(value, value)
        elif isinstance(field, models.DateTimeField):
            new = self._earlier(value)
        elif field.name in NAMED_BY_KIND:
            kind = KINDS.get(getattr(row, NAMED_BY_KIND[field.name]), "")
            new = self.ids.get((kind, value), value)
        elif field.is_relation:
            new = self._related(field.related_model, value)
        elif field.primary_key:
            new = self.ids[row._meta.model_name, value]
        else:
            new = value
        return new

    def _related(self, model: Any, value: Any) -> Any:
        """The new key behind a foreign key, through keys that are foreign keys themselves."""
        while model._meta.pk.is_relation:
            model = model._meta.pk.related_model
        return self.ids.get((model._meta.model_name, value), value)

    def _earlier(self, moment: datetime) -> datetime:
        """By whole days of the institution's calendar: what ends at midnight goes on doing so."""
        zone = timezone.get_default_timezone()
        return moment.astimezone(zone) - timedelta(days=self.identity.days_back)

    def facts(self, facts: dict[str, Any]) -> dict[str, Any]:
        """An event's facts are codes and ids: the ids are the copy's."""
        return {name: self._fact(name, value) for name, value in facts.items()}

    def _fact(self, name: str, value: Any) -> Any:
        if isinstance(value, int):
            return self.ids.get((FACTS.get(name, name), value), value)
        try:
            return str(self.uuids[uuid.UUID(value)])
        except (AttributeError, KeyError, TypeError, ValueError):
            return value

    def store(self, name: str) -> str:
        content = self.original.files[name]
        return default_storage.save(names.new_storage_name(), ContentFile(content))


def _tagged(copy: _Copy, row: Any, value: str) -> str:
    """The same mailbox for every copy of a referee would be one very busy referee."""
    own, _at, domain = value.partition("@")
    return f"{own}.{copy.identity.email.partition('@')[0]}@{domain}"


Maker = Callable[[_Copy, Any, Any], Any]
#: What is one applicant's or one file's alone.
MADE: dict[tuple[str, str], Maker] = {
    ("person", "email"): lambda copy, row, value: copy.identity.email,
    ("person", "full_name"): lambda copy, row, value: copy.identity.name,
    ("emailaddress", "email"): lambda copy, row, value: copy.identity.email,
    ("personaldetails", "legal_name"): lambda copy, row, value: copy.identity.name,
    ("nominee", "email"): _tagged,
    ("application", "reference"): lambda copy, row, value: new_reference(
        value.partition("-")[0], row.cycle
    ),
    ("documentversion", "storage_name"): lambda copy, row, value: copy.store(value),
    ("payment", "provider_reference"): lambda copy, row, value: f"copy-{uuid.uuid4()}",
    ("referencelink", "token_hash"): lambda copy, row, value: hashlib.sha256(
        secrets.token_bytes(32)
    ).hexdigest(),
    ("event", "data"): lambda copy, row, value: copy.facts(value),
}
