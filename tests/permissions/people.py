"""Everybody who may come to a page: nobody in particular, applicants, referees, and all the staff."""

import enum
from dataclasses import dataclass

from programmes.roles import Role


class Family(enum.Enum):
    VISITOR = enum.auto()
    REFEREE = enum.auto()
    OWNER = enum.auto()
    APPLICANT = enum.auto()
    STAFF = enum.auto()


@dataclass(frozen=True)
class Kind:
    """A kind of person. `scope` is the programme of a member of staff's roles: here is where the
    owner's applications are.
    """

    code: str
    family: Family
    roles: tuple[Role, ...] = ()
    scope: str = ""
    is_of_this: bool = False
    is_assigned: bool = False
    lacks_second_factor: bool = False
    is_enrolled: bool = True
    is_stale: bool = False
    has_ended: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.family not in (Family.VISITOR, Family.REFEREE)

    @property
    def has_app(self) -> bool:
        """Has an authenticator app set up, as staff have once they were here."""
        return self.family is Family.STAFF and self.is_enrolled

    @property
    def live_roles(self) -> frozenset[Role]:
        return frozenset() if self.has_ended else frozenset(self.roles)

    @property
    def is_here(self) -> bool:
        return self.scope != "elsewhere"

    def __str__(self) -> str:
        return self.code


_ALL = tuple(Role)
KINDS = (
    Kind("visitor", Family.VISITOR),
    Kind("owner", Family.OWNER),
    Kind("another applicant", Family.APPLICANT),
    Kind("referee of this request", Family.REFEREE, is_of_this=True),
    Kind("referee of another request", Family.REFEREE),
    *(
        Kind(f"{role.value} {scope}", Family.STAFF, (role,), scope)
        for role in Role
        for scope in ("here", "elsewhere")
    ),
    Kind("assigned reviewer", Family.STAFF, (Role.REVIEWER,), "here", is_assigned=True),
    Kind("every role without second factor", Family.STAFF, _ALL, lacks_second_factor=True),
    Kind(
        "every role not enrolled", Family.STAFF, _ALL, lacks_second_factor=True, is_enrolled=False
    ),
    Kind("every role hours ago", Family.STAFF, _ALL, is_stale=True),
    Kind("every role but ended", Family.STAFF, _ALL, has_ended=True),
)
