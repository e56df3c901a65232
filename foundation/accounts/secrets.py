"""Secrets at rest are encrypted, with keys derived from SECRET_KEY: one key per purpose.

Older keys in SECRET_KEY_FALLBACKS still decrypt, so the key can be changed without locking staff out.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "decrypt", "encrypt"]


@lru_cache(maxsize=16)
def _cipher(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    HKDF(
                        algorithm=hashes.SHA256(),
                        length=32,
                        salt=None,
                        info=f"portal.accounts.{purpose}".encode(),
                    ).derive(key.encode())
                )
            )
            for key in keys
        ]
    )


def _for(purpose: str) -> MultiFernet:
    return _cipher(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def encrypt(text: str, *, purpose: str) -> str:
    return _for(purpose).encrypt(text.encode()).decode()


def decrypt(encrypted: str, *, purpose: str) -> str:
    """Raises InvalidToken for what was not encrypted with one of our keys for this purpose."""
    return _for(purpose).decrypt(encrypted.encode()).decode()
