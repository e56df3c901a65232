"""Which environment this is: the embedded default, or real services given from outside.

Nothing set: the embedded default, whose values (ports, passwords, secrets) are kept in `var/`.
Anything of EXTERNAL set: a real installation, which must then be complete. A half-configured portal
is worse than one that does not start.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))

#: One of these set means that somebody runs real services.
EXTERNAL = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "STORAGE_URL",
    "STRIPE_SECRET_KEY",
    "PUBLIC_URL",
)
#: What a real installation has to say, each with what is missing without it.
REQUIRED = {
    "SECRET_KEY": "a random secret of 50 characters or more",
    "PUBLIC_URL": "the address people use, such as https://apply.example.ac.uk",
    "DATABASE_URL": "PostgreSQL, for the role the portal runs as",
    "REDIS_URL": "Redis, for tasks and rate limits",
    "EMAIL_URL": "where mail leaves, such as smtp+tls://user:password@host:587",
    "EMAIL_FROM": "the sender's address",
    "PAYMENT_PROVIDER": "stripe (with STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET), or off",
    "STORAGE_URL": "s3://bucket?region=…&endpoint=…, or file:///a/private/folder",
    "CLAMD_SOCKET": "tcp://host:3310 or unix:///path of clamd, or off",
}


def is_embedded(environ: Mapping[str, str]) -> bool:
    """True when no external service is named, so that the portal brings its own."""
    return not any(environ.get(name) for name in EXTERNAL)


def complete(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the embedded default's values filled in.

    Raises ImproperlyConfigured, naming everything that is missing at once, when only some of a real
    installation's settings are given.
    """
    if is_embedded(environ):
        from config.embedded import values

        return {**values(VAR_DIR), **environ}
    missing = [f"{name}: {meaning}" for name, meaning in REQUIRED.items() if not environ.get(name)]
    if environ.get("PAYMENT_PROVIDER") == "stripe":
        missing += [
            f"{name}: from Stripe's dashboard"
            for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")
            if not environ.get(name)
        ]
    if missing:
        raise ImproperlyConfigured("The portal can't start. Missing: " + "; ".join(missing))
    return dict(environ)


def storage(url: str) -> dict[str, object]:
    """Django's storage settings from one address: `file:///folder` or `s3://bucket?region=…`.

    S3's keys come from AWS's own variables or the machine's role, never from the address.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": parts.path,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    if parts.scheme == "s3":
        options = dict(parse_qsl(parts.query))
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": parts.netloc,
                "region_name": options.get("region"),
                "endpoint_url": options.get("endpoint"),
                "default_acl": None,
                "file_overwrite": False,
                "querystring_expire": 60,
            },
        }
    raise ImproperlyConfigured("STORAGE_URL must begin with file:// or s3://")
