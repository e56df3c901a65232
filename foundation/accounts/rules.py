"""What a name and an address may look like. Names go into mails and letters, so they carry no links."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: RFC 3696, erratum 1690; also what the column holds.
LONGEST_ADDRESS = 254
_LINK = re.compile(r"://|\bwww\.|\bhttps?:", re.IGNORECASE)
#: Joiners that some scripts need inside a word.
_JOINERS = "\u200c\u200d"


def tidy_name(name: str) -> str:
    """A name with single spaces. Anything else is as the person typed it: names have no grammar.

    Raises ValidationError for control characters and links: a name is put into mails to strangers.
    """
    tidy = " ".join(name.split())
    if any(unicodedata.category(c) in ("Cc", "Cf") and c not in _JOINERS for c in tidy):
        raise ValidationError(
            _("Enter your name without invisible characters"), code="name_control"
        )
    if _LINK.search(tidy):
        raise ValidationError(_("Enter your name without a web address"), code="name_link")
    return tidy


def check_address_length(email: str) -> None:
    """Raises ValidationError for an address that is longer than any that mail can be sent to."""
    if len(email) > LONGEST_ADDRESS:
        raise ValidationError(
            _("Enter an email address of at most %(most)s characters"),
            code="address_length",
            params={"most": LONGEST_ADDRESS},
        )
