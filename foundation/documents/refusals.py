"""Why a file is not accepted: one code and one sentence each, saying what to do."""

from django.utils.translation import gettext_lazy as _

from foundation.doors import Refused

SENTENCES = {
    "empty": _("The file is empty. Choose the file again, or save it anew and upload that."),
    "too_large": _(
        "The file is larger than {limit} MB. Save a smaller copy, for example with “Reduce file"
        " size” or by scanning at 200 dpi, and upload that."
    ),
    "word_document": _("This is a Word document. Save it as a PDF and upload the PDF."),
    "archive": _("This is an archive of files. Upload each file on its own, as a PDF."),
    "phone_photo": _("This photo is in the HEIC format. Save it as a JPEG and upload that."),
    "wrong_type": _("The file is not a PDF, JPEG or PNG. Save it as a PDF and upload that."),
    "pdf_only": _("The file is an image. Save it as a PDF and upload that."),
    "name_disagrees": _(
        "The file’s name ends in “{extension}”, but its content is {content}. Upload the original"
        " file, or correct the ending of its name."
    ),
    "no_extension": _(
        "The file’s name has no ending such as “.pdf”, but its content is {content}. Add the ending"
        " to its name and upload it again."
    ),
    "password": _(
        "The file is protected with a password. Save a copy without a password and upload that."
    ),
    "incomplete": _(
        "The end of the file is missing. Download or save the file again and upload that."
    ),
    "broken": _(
        "The file is damaged and can’t be opened. Open it yourself, save it as a new PDF and upload"
        " that."
    ),
    "broken_image": _(
        "The image is damaged and can’t be opened. Take or scan it again and upload that."
    ),
    "no_pages": _("The file has no pages. Choose another file."),
    "too_many_pages": _(
        "The file has {pages} pages, and at most {limit} are accepted. Save only the pages that"
        " are asked for, and upload that."
    ),
    "too_many_pixels": _(
        "The image, or an image in the file, is too large to open: {pixels} million pixels. Save a"
        " smaller copy and upload that."
    ),
    "active_content": _(
        "The file contains scripts or other files that we couldn’t remove. Print it to a new PDF"
        " and upload that."
    ),
    "form_only": _(
        "The file is an interactive form that only some programs can show. Print it to a new PDF"
        " and upload that."
    ),
    "too_complex": _(
        "The file takes too much time or memory to open. Print it to a new PDF and upload that."
    ),
    "busy": _("Many files are being checked right now. Wait a minute and upload the file again."),
}

#: What a content type is called in a sentence.
CONTENTS = {
    "application/pdf": _("a PDF"),
    "image/jpeg": _("a JPEG image"),
    "image/png": _("a PNG image"),
}


class Unacceptable(Refused):
    """A file that is not accepted. The sentence belongs beside the field."""


def refuse(code: str, **facts: object) -> Unacceptable:
    """The refusal of this code, with its sentence filled in."""
    words = dict(facts)
    if "content_type" in words:
        words["content"] = CONTENTS[str(words.pop("content_type"))]
    sentence = SENTENCES[code]
    # Our own sentences with our own facts; the extension is cut to its few known characters.
    return Unacceptable(code, str(sentence).format(**words) if words else sentence, **facts)
