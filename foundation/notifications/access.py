"""Who may look after the outbox. The foundation knows no roles, so a higher room says."""

from collections.abc import Callable
from typing import Any


def nobody(person: Any) -> bool:
    return False


#: Set by `programmes` when it is ready (system administrators). Until then nobody may.
may_manage: Callable[[Any], bool] = nobody
