"""Forms that take files."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.documents import Purpose
from foundation.ui.forms import PortalForm, Submit, UploadField


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(UploadField):
    """Several files at once; each is checked by itself later, so that one bad one spoils no other."""

    def __init__(self, *, accept: str, **options: Any) -> None:
        super().__init__(accept=accept, widget=ManyFilesInput({"accept": accept}), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files as they came, empty ones too: their sentence names them."""
        files = [file for file in data or [] if file]
        if not files and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return files


def files_form(
    purpose: Purpose, label: Any, button: Any, *, many: bool, name: str
) -> type[PortalForm]:
    """The form class that asks for files of one purpose. Its button is called `name`."""
    if many:
        field: UploadField = ManyFilesField(
            label=label, help_text=purpose.hint, accept=purpose.accept
        )
    else:
        # An empty file gets its sentence from `documents.receive`.
        field = UploadField(
            label=label,
            help_text=purpose.hint,
            accept=purpose.accept,
            allow_empty_file=True,
        )

    class FilesForm(PortalForm):
        file = field

        def build_buttons(self) -> list[Submit]:
            return [Submit(button, name=name, style="secondary")]

    return FilesForm
