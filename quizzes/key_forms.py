"""The form that corrects a question: what to do with it, and its key as fields that fit its kind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from uuid import NAMESPACE_OID, uuid5

from django import forms
from django.utils.html import escape

from .choices import QuestionKind, Treatment
from .distribution import plain
from .kinds import Key, Option
from .kinds.written import number_of
from .models import VersionQuestion

Fields = dict[str, forms.Field]
KEY_FIELD = "kunci"


class CorrectionForm(forms.Form):
    """``change()`` gives what ``KeyCorrection.key`` holds. The key's fields start from what counts now."""

    treatment = forms.ChoiceField(
        label="Apa yang dilakukan",
        choices=Treatment.choices,
        widget=forms.RadioSelect,
        help_text="Isian kunci di bawah hanya dipakai bila Anda memilih Perbaiki kunci.",
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca pemeriksa dan personel yang nilainya berubah, misalnya: Pasal 15 menyebut tiga hari.",
    )

    def __init__(self, *args: Any, question: VersionQuestion, key: Key, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.key = question, key
        self.editor = _EDITORS.get(question.kind)
        if self.editor is None:
            treatment = cast(forms.ChoiceField, self.fields["treatment"])
            treatment.choices = [(value, label) for value, label in Treatment.choices if value != Treatment.KEY]
            return
        reason = self.fields.pop("reason")
        for name, field in self.editor.fields(key).items():
            # Only wanted when the key is what changes; then ``clean`` asks for it.
            field.required = False
            self.fields[name] = field
        self.fields["reason"] = reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("treatment") == Treatment.KEY and self.editor and not self.errors:
            try:
                self.changed = self.editor.change(self.key, cleaned)
            except ValueError as problem:
                raise forms.ValidationError(str(problem))
        return cleaned

    def change(self) -> dict[str, Any]:
        return getattr(self, "changed", {})


@dataclass(frozen=True)
class Editor:
    fields: Callable[[Key], Fields]
    change: Callable[[Key, dict[str, Any]], dict[str, Any]]


def _label(option: Option) -> str:
    return plain(option.html)


def _fraction_field(label: str, fraction: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        initial=Decimal(fraction).normalize() + 0,
        min_value=-1,
        max_value=1,
        max_digits=6,
        decimal_places=5,
        localize=True,
        help_text="Bobot dari -1 sampai 1.",
    )


# --- choosing ---------------------------------------------------------------


def _one_field(key: Key) -> Fields:
    best = max(key.options, key=lambda option: option.fraction)
    choices = [(option.uuid, _label(option)) for option in key.options]
    return {
        KEY_FIELD: forms.ChoiceField(
            label="Jawaban yang benar", choices=choices, initial=best.uuid, widget=forms.RadioSelect
        )
    }


def _one_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    return {"fractions": {option.uuid: str(int(option.uuid == cleaned[KEY_FIELD])) for option in key.options}}


def _several_fields(key: Key) -> Fields:
    if key.key.get("weights"):
        return _weight_fields(key)
    return {
        KEY_FIELD: forms.MultipleChoiceField(
            label="Jawaban yang benar",
            choices=[(option.uuid, _label(option)) for option in key.options],
            initial=[option.uuid for option in key.options if option.fraction > 0],
            widget=forms.CheckboxSelectMultiple,
        )
    }


def _several_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    if key.key.get("weights"):
        return _weight_change(key, cleaned)
    return {"fractions": {option.uuid: str(int(option.uuid in cleaned[KEY_FIELD])) for option in key.options}}


def _weight_fields(key: Key) -> Fields:
    return {f"{KEY_FIELD}-{option.uuid}": _fraction_field(_label(option), option.fraction) for option in key.options}


def _weight_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    names = {option.uuid: f"{KEY_FIELD}-{option.uuid}" for option in key.options}
    return {"fractions": {uuid: str(_filled(cleaned, name)) for uuid, name in names.items()}}


def _filled(cleaned: dict[str, Any], name: str) -> Any:
    if cleaned.get(name) in (None, ""):
        raise ValueError("Isi semua bagian kunci.")
    return cleaned[name]


# --- arranging --------------------------------------------------------------


def _order_fields(key: Key) -> Fields:
    return {
        f"{KEY_FIELD}-{option.uuid}": forms.IntegerField(
            label=_label(option), initial=place, min_value=1, max_value=len(key.options), help_text="Urutan ke-"
        )
        for place, option in enumerate(key.options, start=1)
    }


def _order_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    places = {option.uuid: _filled(cleaned, f"{KEY_FIELD}-{option.uuid}") for option in key.options}
    if len(set(places.values())) < len(places):
        raise ValueError("Dua langkah mendapat urutan yang sama. Beri setiap langkah urutannya sendiri.")
    return {"order": sorted(places, key=lambda uuid: places[uuid])}


def _pair_fields(key: Key) -> Fields:
    partners = [(option.uuid, _label(option)) for option in key.options]
    return {
        f"{KEY_FIELD}-{stem['uuid']}": forms.ChoiceField(
            label=stem["text"], choices=partners, initial=key.key["pairs"][stem["uuid"]]
        )
        for stem in key.shape["stems"]
    }


def _pair_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    pairs = {stem["uuid"]: _filled(cleaned, f"{KEY_FIELD}-{stem['uuid']}") for stem in key.shape["stems"]}
    return {"key": {**key.key, "pairs": pairs}}


# --- written ----------------------------------------------------------------


def _lines(label: str, lines: Iterable[str], help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, initial="\n".join(lines), widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text
    )


def _weighed(line: str) -> tuple[Decimal, str]:
    """Read ``0,5 | teks``; without a weight the line earns everything. Raises ValueError."""
    weight, bar, rest = line.partition("|")
    if not bar:
        return Decimal(1), line.strip()
    fraction = number_of(weight.strip())
    if fraction is None or not -1 <= fraction <= 1:
        raise ValueError(f"“{line.strip()}”: tulis bobot dari -1 sampai 1 di depan garis tegak, misalnya 0,5 | teks.")
    return fraction, rest.strip()


def _with_weight(fraction: str, text: str) -> str:
    return text if Decimal(fraction) == 1 else f"{_comma(fraction)} | {text}"


def _comma(number: Any) -> str:
    return f"{Decimal(number).normalize():f}".replace(".", ",")


def _short_fields(key: Key) -> Fields:
    lines = [_with_weight(form["fraction"], form["text"]) for form in key.key["accepted"]]
    help_text = "Satu per baris, * berarti teks apa saja. Bernilai sebagian: 0,5 | teks."
    return {KEY_FIELD: _lines("Jawaban yang diterima", lines, help_text)}


def _short_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    known = {form["text"]: form for form in key.key["accepted"]}
    accepted = []
    for line in filter(str.strip, _filled(cleaned, KEY_FIELD).splitlines()):
        fraction, text = _weighed(line)
        old = known.get(text, {"uuid": _named(text), "text": text, "feedback": ""})
        accepted.append({**old, "fraction": str(fraction)})
    return {"key": {**key.key, "accepted": accepted}}


def _number_fields(key: Key) -> Fields:
    lines = [
        _with_weight(value["fraction"], f"{_comma(value['number'])} ± {_comma(value['tolerance'])}")
        for value in key.key["numbers"]
    ]
    help_text = "Satu per baris: angka ± toleransi, dalam satuan yang pertama. Bernilai sebagian: 0,5 | 90 ± 5."
    return {KEY_FIELD: _lines("Angka yang diterima", lines, help_text)}


def _number_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    numbers = []
    for line in filter(str.strip, _filled(cleaned, KEY_FIELD).splitlines()):
        fraction, text = _weighed(line)
        written, _sign, tolerance = text.partition("±")
        number, allowed = number_of(written.strip()), number_of(tolerance.strip() or "0")
        if number is None or allowed is None or allowed < 0:
            raise ValueError(f"“{line.strip()}” tidak terbaca. Tulis angka ± toleransi, misalnya 90 ± 5.")
        new = {"uuid": _named(line), "feedback": "", "fraction": str(fraction)}
        numbers.append({**new, "number": str(number), "tolerance": str(allowed)})
    return {"key": {**key.key, "numbers": numbers}}


def _gap_fields(key: Key) -> Fields:
    return {
        f"{KEY_FIELD}-{gap['uuid']}": _lines(
            f"Rumpang {number}",
            key.key["gaps"][gap["uuid"]],
            f"Pilihannya: {', '.join(gap['choices'])}." if gap["choices"] else "Satu jawaban per baris.",
        )
        for number, gap in enumerate(key.shape["gaps"], start=1)
    }


def _gap_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    gaps = {}
    for number, gap in enumerate(key.shape["gaps"], start=1):
        lines = [line.strip() for line in _filled(cleaned, f"{KEY_FIELD}-{gap['uuid']}").splitlines() if line.strip()]
        if gap["choices"] and not set(lines) <= set(gap["choices"]):
            raise ValueError(f"Rumpang {number}: pilih dari {', '.join(gap['choices'])}.")
        gaps[gap["uuid"]] = lines
    return {"key": {**key.key, "gaps": gaps}}


def _named(text: str) -> str:
    return str(uuid5(NAMESPACE_OID, text))


# --- scenario ---------------------------------------------------------------


def _scene_fields(key: Key) -> Fields:
    return {
        f"{KEY_FIELD}-{choice['uuid']}": _fraction_field(f"{name}: {choice['text']}", choice["fraction"])
        for name, scene in key.key["scenes"].items()
        for choice in scene["choices"]
    }


def _scene_change(key: Key, cleaned: dict[str, Any]) -> dict[str, Any]:
    scenes = {
        name: {
            **scene,
            "choices": [
                {**choice, "fraction": str(_filled(cleaned, f"{KEY_FIELD}-{choice['uuid']}"))}
                for choice in scene["choices"]
            ],
        }
        for name, scene in key.key["scenes"].items()
    }
    return {"key": {**key.key, "scenes": scenes}}


_EDITORS: dict[str, Editor] = {
    QuestionKind.SINGLE: Editor(_one_field, _one_change),
    QuestionKind.TRUE_FALSE: Editor(_one_field, _one_change),
    QuestionKind.MULTIPLE: Editor(_several_fields, _several_change),
    QuestionKind.SITUATIONAL: Editor(_weight_fields, _weight_change),
    QuestionKind.ORDERING: Editor(_order_fields, _order_change),
    QuestionKind.MATCHING: Editor(_pair_fields, _pair_change),
    QuestionKind.SHORT: Editor(_short_fields, _short_change),
    QuestionKind.NUMERICAL: Editor(_number_fields, _number_change),
    QuestionKind.GAPS: Editor(_gap_fields, _gap_change),
    QuestionKind.SCENARIO: Editor(_scene_fields, _scene_change),
}


def key_words(question: VersionQuestion, key: Key) -> list[str]:
    """What a key says, line by line: options with what they earn, or what is right in each part."""
    rules = question.rules
    if question.kind == QuestionKind.SCENARIO:
        return [f"{field.label}: {_comma(field.initial)}" for field in _scene_fields(key).values()]
    if rules.by_hand:
        return ["Dinilai orang dengan rubrik"]
    lines = rules.lines(key, rules.best(key))
    if lines:
        return [plain(f"{escape(line.label)} {line.right}") for line in lines]
    return [
        _label(option) if option.fraction == 1 else f"{_label(option)}: {_comma(option.fraction)}"
        for option in key.options
        if option.fraction
    ]
