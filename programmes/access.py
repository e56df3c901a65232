"""Who may open a staff page, and who sees it in the menu."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from foundation.accounts.access import staff_required
from programmes.roles import Role
from programmes.rules import look_up_once, roles_of

View = Callable[..., HttpResponseBase]
_FOUND = "staff_roles"


def roles_in(request: HttpRequest) -> frozenset[Role]:
    """The roles of whoever asks, for any programme. Looked up once for each request."""
    found: frozenset[Role] | None = getattr(request, _FOUND, None)
    if found is None:
        if request.user.is_authenticated:
            look_up_once(request.user)
        found = roles_of(request.user)
        setattr(request, _FOUND, found)
    return found


def for_roles(*roles: Role) -> Callable[[HttpRequest], bool]:
    """The predicate of a menu item that is for these roles, see `foundation.ui.navigation`."""

    def sees(request: HttpRequest) -> bool:
        return not roles_in(request).isdisjoint(roles)

    return sees


def role_required(*roles: Role) -> Callable[[View], View]:
    """Let in staff who hold one of the roles for any programme, with their second factor.

    Anybody else of the staff reads which role is needed. Which rows they may reach is the view's
    own question, asked of `queries`: there, out of reach is a 404.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if roles_in(request).isdisjoint(roles):
                needed = ", ".join(str(role.label) for role in roles)
                raise PermissionDenied(
                    _("This page is for: %(roles)s. Ask the head of admissions for access.")
                    % {"roles": needed}
                )
            return view(request, *args, **kwargs)

        return staff_required(guarded)

    return decorate
