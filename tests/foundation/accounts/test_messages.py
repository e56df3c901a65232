"""Each of the account's mails as a person reads it."""

import pytest

from foundation.accounts import messages
from foundation.notifications import rendering


@pytest.mark.parametrize("kind", messages.ALL, ids=lambda kind: kind.code)
def test_sample_reads_well(kind):
    mail = rendering.render(kind, kind.sample())
    assert mail.subject
    assert not {"{{", "{%", "None"} & set(mail.body.split())
    assert messages.SAMPLE_LINK in mail.body or kind.code in {
        "account.email_changed",
        "account.password_changed",
        "account.second_factor_added",
        "account.second_factor_removed",
        "account.recovery_codes_made",
    }, "a mail that asks for something has a link; one that tells of a change has none to click"
    assert kind.description


def test_subjects_differ():
    subjects = {rendering.render(kind, kind.sample()).subject for kind in messages.ALL}
    assert len(subjects) == len(messages.ALL)
