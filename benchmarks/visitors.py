"""People who are signed in, through the portal's own sign-in pages."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from foundation.accounts.demo import current_codes
from programmes.demo import PASSWORD


class Visitors:
    """One signed-in browser for each person. Sessions lie in the database, so a server knows them."""

    def __init__(self) -> None:
        self._clients: dict[str, Client] = {}

    def client(self, email: str) -> Client:
        """Who asks, in process; signed in when they have an address."""
        if email not in self._clients:
            client = Client(SERVER_NAME="127.0.0.1")
            if email:
                _sign_in(client, email)
            self._clients[email] = client
        return self._clients[email]

    def cookie(self, email: str) -> str:
        """The header with which the same person asks a server."""
        cookies = self.client(email).cookies.values()
        return "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies)


def _sign_in(client: Client, email: str) -> None:
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    code = current_codes().get(email)
    if code:
        client.post(reverse("mfa_authenticate"), {"code": code})
    if client.cookies.get(settings.SESSION_COOKIE_NAME) is None:
        raise RuntimeError(f"{email} can't sign in")
