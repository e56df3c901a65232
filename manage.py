#!/usr/bin/env python
"""Django's command line, with the portal's settings."""

import os
import sys

#: These change tables, so they run as the role that owns them.
OWNERS_COMMANDS = {"migrate", "prepare_database"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if OWNERS_COMMANDS.intersection(sys.argv[1:2]):
        os.environ.setdefault("PORTAL_DATABASE_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
