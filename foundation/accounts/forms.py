"""Forms for signing up and signing in."""

from allauth.account.forms import SignupForm as AllauthSignupForm


class SignupForm(AllauthSignupForm):
    """Email, full name, password, privacy notice."""
