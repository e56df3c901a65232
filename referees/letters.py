"""A pasted letter becomes a PDF, in the worker: rendered without a lock, then kept by a door."""

from django.utils.translation import gettext as _

from applicants.names import name_of
from foundation.documents.pdf import render_pdf
from foundation.doors import Actor
from referees import actions
from referees.models import Letter

WORKER = Actor.timer("referees.make_letter_pdfs")


def make_pdf(letter_id: int) -> None:
    """Make and keep the PDF of one pasted letter. Made already: nothing happens."""
    letter = (
        Letter.objects.filter(pk=letter_id, version=None)
        .select_related("request__nominee", "request__application__intake__programme")
        .first()
    )
    if letter is None:
        return
    request = letter.request
    pdf = render_pdf(
        "pdf/text.html",
        {
            "title": str(_("Letter of reference")),
            "reference": request.application.reference,
            "dated": letter.sent_at,
            "facts": [
                (str(_("For")), name_of(request.application)),
                (str(_("Programme")), request.application.intake.programme.title),
                (str(_("From")), request.writer),
                (
                    str(_("Post")),
                    f"{request.referee_post}, {request.referee_institution}",
                ),
                (str(_("Relationship")), request.relationship),
            ],
            "text": letter.text,
            "note": str(_("The referee wrote this letter in the portal.")),
        },
    )
    actions.keep_letter_pdf(letter_id, pdf, actor=WORKER)
