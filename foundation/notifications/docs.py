"""What the portal writes to people, for `docs/emails.md`: every kind with a rendered sample."""

from dataclasses import dataclass

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.utils import translation

from foundation.notifications import kinds, rendering
from foundation.notifications.kinds import MessageKind

#: Stands for this installation's own address, so that the page is the same wherever it is made.
SAMPLE_URL = "https://apply.example.ac.uk"


@dataclass(frozen=True)
class DocumentedKind:
    code: str
    audience: str
    lane: str
    description: str
    subject: str
    body: str


def documented_kinds() -> list[DocumentedKind]:
    """All registered kinds by code. Asks no database: samples are made up.

    Raises rendering.CannotRender or TemplateDoesNotExist for one that `problems_of` names.
    """
    return [_documented(kind) for kind in kinds.all_kinds()]


def emails_markdown() -> str:
    """The page itself."""
    parts = [
        "# Emails",
        "Every email the portal sends. Made by a command from the registered kinds; don't edit it.",
    ]
    for kind in documented_kinds():
        sample = "\n".join(f"    {line}".rstrip() for line in kind.body.split("\n"))
        parts += [
            f"## `{kind.code}`",
            f"To: {kind.audience}. Lane: {kind.lane}. {kind.description}",
            f"**{kind.subject}**",
            sample,
        ]
    return "\n\n".join(parts) + "\n"


def problems_of(kind: MessageKind) -> list[str]:
    """Why a kind is not documented well enough: for a test over all of them."""
    problems = [] if str(kind.description).strip() else ["no description"]
    try:
        _documented(kind)
    except TemplateDoesNotExist as error:
        problems.append(f"no template {error}")
    except Exception as error:  # noqa: BLE001 (whatever it raises is a problem to name)
        problems.append(f"its sample can't be rendered: {type(error).__name__}: {error}")
    return problems


def _documented(kind: MessageKind) -> DocumentedKind:
    rendered = rendering.render(kind, kind.sample())
    with translation.override(settings.LANGUAGE_CODE):
        return DocumentedKind(
            code=kind.code,
            audience=str(kind.audience),
            lane=str(kind.lane.label),
            description=str(kind.description),
            subject=rendered.subject.replace(settings.PUBLIC_URL, SAMPLE_URL),
            body=rendered.body.replace(settings.PUBLIC_URL, SAMPLE_URL),
        )
