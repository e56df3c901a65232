"""Public references such as MLDS-27-7F3K9Q: readable on the telephone, impossible to guess or count."""

import secrets

#: Crockford's base 32: no I, L, O or U, which are misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 6


def new_reference(code: str, cycle: int) -> str:
    """A fresh reference for a programme's code and a cycle's year. Uniqueness is the table's."""
    tail = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return f"{code}-{cycle % 100:02d}-{tail}"
