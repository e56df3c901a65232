"""Signatures of the sandbox's webhooks: a time and an HMAC over both, as real providers do."""

import hashlib
import hmac
import time

#: A delivery older than this is refused, so that one can't be replayed later.
TOLERANCE_SECONDS = 300


def sign(body: bytes, secret: str, at: int | None = None) -> str:
    """The signature header for a body: `t=<seconds>,v1=<hex>`."""
    moment = int(time.time()) if at is None else at
    return f"t={moment},v1={_digest(body, secret, moment)}"


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether the header is the secret's signature of this body, made within the tolerance."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    try:
        moment = int(parts.get("t", ""))
    except ValueError:
        return False
    if abs(time.time() - moment) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(_digest(body, secret, moment), parts.get("v1", ""))


def _digest(body: bytes, secret: str, moment: int) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
