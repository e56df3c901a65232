"""The catalogue as YAML documents, one per programme: read, checked as a whole, then written."""

from programmes.importing.checking import check_all
from programmes.importing.document import ProgrammeDocument, read_document
from programmes.importing.reading import Problem
from programmes.importing.writing import Change, write_document

__all__ = [
    "Change",
    "Problem",
    "ProgrammeDocument",
    "check_all",
    "read_document",
    "write_document",
]
