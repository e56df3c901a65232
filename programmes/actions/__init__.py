"""The only code that changes the catalogue and the roles of staff."""

from programmes.actions.catalogue import FaultyCatalogue, import_catalogue, read_catalogue
from programmes.actions.people import end_role, grant_role, invite_staff

__all__ = [
    "FaultyCatalogue",
    "end_role",
    "grant_role",
    "import_catalogue",
    "invite_staff",
    "read_catalogue",
]
