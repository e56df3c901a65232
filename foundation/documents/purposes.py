"""What a file is for, and so which types and how many pages it may have."""

import enum
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"


@dataclass(frozen=True)
class Limits:
    """What is accepted from the uploader. Photos are turned into a one-page PDF."""

    types: frozenset[str]
    pages: int


_SCANS = frozenset({PDF, JPEG, PNG})
_TEXTS = frozenset({PDF})


class Purpose(enum.StrEnum):
    TRANSCRIPT = "transcript"
    CERTIFICATE = "certificate"
    CV = "cv"
    STATEMENT = "statement"
    LETTER = "letter"
    WAIVER_EVIDENCE = "waiver_evidence"
    CONDITION_EVIDENCE = "condition_evidence"

    @property
    def limits(self) -> Limits:
        return _LIMITS[self]

    @property
    def accepts_images(self) -> bool:
        return bool(self.limits.types - _TEXTS)

    @property
    def accept(self) -> str:
        """For the file field's `accept` attribute."""
        return ".pdf,.jpg,.jpeg,.png" if self.accepts_images else ".pdf"

    @property
    def hint(self) -> str:
        """For the file field's hint."""
        limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        if self.accepts_images:
            return gettext("A PDF, JPEG or PNG of up to %(limit)s MB") % {"limit": limit}
        return gettext("A PDF of up to %(limit)s MB") % {"limit": limit}


_LIMITS = {
    Purpose.TRANSCRIPT: Limits(_SCANS, pages=100),
    Purpose.CERTIFICATE: Limits(_SCANS, pages=100),
    Purpose.CV: Limits(_TEXTS, pages=20),
    Purpose.STATEMENT: Limits(_TEXTS, pages=20),
    Purpose.LETTER: Limits(_TEXTS, pages=20),
    Purpose.WAIVER_EVIDENCE: Limits(_SCANS, pages=100),
    Purpose.CONDITION_EVIDENCE: Limits(_SCANS, pages=100),
}
