"""Every kind of message that any room registers is documented, with a sample that can be rendered."""

import pytest

from foundation.notifications import docs, kinds
from foundation.notifications.kinds import MessageKind
from tests.foundation.notifications import note


@pytest.mark.parametrize("kind", kinds.all_kinds(), ids=lambda kind: kind.code)
def test_every_kind_is_documented(kind: MessageKind) -> None:
    """Without the database: a sample is made up."""
    assert docs.problems_of(kind) == []


def test_the_page_has_every_kind() -> None:
    page = docs.emails_markdown()
    assert "## `test.note`" in page
    assert "**A note for Amara Okafor**" in page
    assert f"    {docs.SAMPLE_URL}/reference/sample/" in page


def test_problems_are_named() -> None:
    kind = MessageKind(
        code="test.nothing",
        audience=kinds.Audience.STAFF,
        description="",
        build=note.broken,
        sample=dict,
    )
    assert docs.problems_of(kind) == ["no description", "no template email/test.nothing.txt"]


def test_a_code_is_registered_once() -> None:
    kinds.register(note.NOTE)
    with pytest.raises(ValueError, match=r"test\.note"):
        kinds.register(
            MessageKind(
                code="test.note",
                audience=kinds.Audience.STAFF,
                description="another",
                build=note.broken,
                sample=dict,
            )
        )
