"""What a room above would do with a file: attach it in a door of its own, and hand it out."""

from foundation.documents import steps
from foundation.documents.models import Document
from foundation.doors import Actor, door


@door
def in_a_door(work, *, actor: Actor):
    """Run steps as an action of a higher room would."""
    return work()


def attached(received, *, stream, kind="transcript", document: Document | None = None, **facts):
    actor = Actor.referee(7)
    return in_a_door(
        lambda: steps.attach(
            received, stream=stream, kind=kind, actor=actor, document=document, **facts
        ),
        actor=actor,
    )


def bytes_of(response) -> bytes:
    """What was served. `response.close()` would close the test's database connection too."""
    content = b"".join(response.streaming_content)
    response.file_to_stream.close()
    return content
