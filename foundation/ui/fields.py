"""Form fields that Django lacks: a date in three boxes, a long text with a word limit, an upload."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.ui import wording
from foundation.ui.words import MaxWordsValidator

DAY, MONTH, YEAR = range(3)
_PART_LABELS = (_("Day"), _("Month"), _("Year"))
_PART_WIDTHS = (2, 2, 4)


class DateWidget(forms.MultiWidget):
    """Day, month and year, each in a box of its own. What was typed stays, however wrong it is."""

    template_name = "ui/widgets/date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, autocomplete: str = "") -> None:
        boxes = []
        for part in ("day", "month", "year"):
            box_attrs = {"inputmode": "numeric"}
            if autocomplete:
                box_attrs["autocomplete"] = f"{autocomplete}-{part}"
            boxes.append(forms.TextInput(box_attrs))
        super().__init__(boxes, attrs)

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        for box, label, width in zip(boxes, _PART_LABELS, _PART_WIDTHS, strict=True):
            classes = f"govuk-input govuk-date-input__input govuk-input--width-{width}"
            if box["attrs"].get("aria-invalid"):
                classes += " govuk-input--error"
            box["label"] = label
            box["attrs"]["class"] = classes
            # The fieldset is described by the hint and the error, once for all three.
            box["attrs"].pop("aria-describedby", None)
        return context


class DateField(forms.MultiValueField):
    """A date in three boxes; the month may be written as a word.

    `noun` stands in its error sentences, with its article or pronoun: "your date of birth".
    `past` refuses today and later; `earliest` and `latest` are the first and last day allowed.
    Errors carry the box that is wrong, so that the summary's link goes there.
    """

    widget = DateWidget

    def __init__(
        self,
        *,
        noun: Any = None,
        past: bool = False,
        earliest: date | None = None,
        latest: date | None = None,
        autocomplete: str = "",
        **options: Any,
    ) -> None:
        noun = noun or _("the date")
        self.noun, self.past, self.earliest, self.latest = noun, past, earliest, latest
        options.setdefault("widget", DateWidget(autocomplete=autocomplete))
        messages = options.setdefault("error_messages", {})
        messages.setdefault("required", _Sentence(_("Enter %(noun)s"), noun))
        boxes = [forms.CharField(required=False, max_length=20) for _part in _PART_LABELS]
        super().__init__(boxes, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> date | None:
        if not data_list or not any(data_list):
            return None
        missing = [part for part in (DAY, MONTH, YEAR) if not data_list[part]]
        if missing:
            self._refuse_missing(missing)
        typed = self._real_date(*data_list)
        self._check_range(typed)
        return typed

    def _refuse_missing(self, missing: list[int]) -> None:
        names = [str(_PART_LABELS[part]).lower() for part in missing]
        raise self._error(
            gettext("%(noun)s must include a %(parts)s"),
            missing[0],
            parts=gettext(" and ").join(names),
        )

    def _real_date(self, day: str, month: str, year: str) -> date:
        if year.isdecimal() and len(year) != 4:
            raise self._error(gettext("%(noun)s must have a year of 4 numbers, like 2021"), YEAR)
        try:
            return date(_number(year), month_number(month), _number(day))
        except ValueError:
            part = self._impossible_part(day, month)
            sentence = gettext("%(noun)s must be a real date, like 14 7 2021")
            raise self._error(sentence, part) from None

    def _impossible_part(self, day: str, month: str) -> int:
        if not (day.isdecimal() and 1 <= int(day) <= 31):
            return DAY
        try:
            return DAY if 1 <= month_number(month) <= 12 else MONTH
        except ValueError:
            return MONTH

    def _check_range(self, typed: date) -> None:
        if self.past and typed >= timezone.localdate():
            raise self._error(gettext("%(noun)s must be in the past"), DAY)
        if self.earliest and typed < self.earliest:
            sentence = gettext("%(noun)s must be %(limit)s or later")
            raise self._error(sentence, DAY, limit=wording.day(self.earliest))
        if self.latest and typed > self.latest:
            sentence = gettext("%(noun)s must be %(limit)s or earlier")
            raise self._error(sentence, DAY, limit=wording.day(self.latest))

    def _error(self, sentence: str, part: int, **words: str) -> ValidationError:
        noun = capfirst(str(self.noun))
        return ValidationError(sentence, code="date", params={"noun": noun, "part": part, **words})


def month_number(typed: str) -> int:
    """A month typed as 7, 07, July or Jul. Raises ValueError for anything else."""
    word = typed.strip().rstrip(".").casefold()
    for number in range(1, 13):
        if word in (str(MONTHS[number]).casefold(), str(MONTHS_3[number]).casefold()):
            return number
    return _number(typed)


def _number(typed: str) -> int:
    if not typed.isdecimal():
        raise ValueError(typed)
    return int(typed)


class _Sentence:
    """A translated sentence about a noun, put together when it is shown."""

    def __init__(self, sentence: Any, noun: Any) -> None:
        self.sentence, self.noun = sentence, noun

    def __str__(self) -> str:
        return str(self.sentence) % {"noun": self.noun}


class LongTextField(forms.CharField):
    """A text of several paragraphs. Line breaks are one character, as the page's counter counts.

    `max_words` is checked by the server and counted down on the page; `noun` stands in the error
    sentence: "Your personal statement".
    """

    def __init__(
        self, *, max_words: int | None = None, noun: Any = "", rows: int = 8, **options: Any
    ) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options)
        if max_words:
            self.validators.append(MaxWordsValidator(max_words, noun))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(value)


class UploadField(forms.FileField):
    """One file, chosen with the browser's own control.

    What the file may be is decided from its content (`foundation.documents`); `accept` only greys
    out others in the browser's window.
    """

    def __init__(self, *, accept: str = ".pdf,.jpg,.jpeg,.png", **options: Any) -> None:
        options.setdefault("widget", forms.FileInput(attrs={"accept": accept}))
        messages = options.setdefault("error_messages", {})
        messages.setdefault("required", _("Choose a file"))
        messages.setdefault("missing", _("Choose a file"))
        messages.setdefault("empty", _("The file is empty. Choose another one"))
        super().__init__(**options)
