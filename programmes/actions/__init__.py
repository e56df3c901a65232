"""The only code that changes the catalogue and the roles of staff."""

from programmes.actions.catalogue import (
    FaultyCatalogue,
    import_catalogue,
    read_catalogue,
)

__all__ = ["FaultyCatalogue", "import_catalogue", "read_catalogue"]
