"""The embedded default: a PostgreSQL and a Redis of the portal's own, and what it remembers of them.

Everything lies in one folder (`var/`), so two checkouts run side by side and removing the folder
removes all of it. Nothing listens beyond loopback.
"""

import os
from pathlib import Path

from config.embedded.memory import remembered

#: Keeps mail for the mailbox page instead of sending it.
MAILBOX_URL = "mailbox://"


def values(var_dir: Path) -> dict[str, str]:
    """The environment of the embedded default, from what `var_dir` remembers. Starts nothing."""
    var_dir = var_dir.resolve()
    memory = remembered(var_dir)
    port = os.environ.get("PORT") or str(memory.web_port)
    database = f"@127.0.0.1:{memory.postgres_port}/{memory.database}"
    return {
        "SECRET_KEY": memory.secret_key,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"postgres://portal_app:{memory.app_password}{database}",
        "DATABASE_OWNER_URL": f"postgres://portal_owner:{memory.owner_password}{database}",
        "REDIS_URL": (
            f"redis://:{memory.redis_password}@127.0.0.1:{memory.redis_port}"
            f"/{memory.redis_database}"
        ),
        "EMAIL_URL": MAILBOX_URL,
        "EMAIL_FROM": "admissions@portal.example",
        "PAYMENT_PROVIDER": "sandbox",
        "SANDBOX_URL": f"http://127.0.0.1:{memory.sandbox_port}",
        "SANDBOX_SECRET": memory.sandbox_secret,
        "STORAGE_URL": (var_dir / "documents").as_uri(),
        "CLAMD_SOCKET": "off",
    }
