"""Where django-allauth asks how this portal does it."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and their messages."""


class MFAAdapter(DefaultMFAAdapter):
    """The second factor."""
