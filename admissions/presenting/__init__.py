"""From rows to what a page shows. No query here but those that a function names."""

from admissions.presenting.file import FilePage, file_page_of
from admissions.presenting.rows import (
    Group,
    QueueRow,
    due_detail,
    groups_of,
    light_of,
    reading_row,
)
from admissions.presenting.timeline import moments_of

__all__ = [
    "FilePage",
    "Group",
    "QueueRow",
    "due_detail",
    "file_page_of",
    "groups_of",
    "light_of",
    "moments_of",
    "reading_row",
]
