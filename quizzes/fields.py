"""The review matrix as a field: a list of cells in the row, a table of check boxes in the editor."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from .choices import ReviewWhat, ReviewWhen
from .openness import CELLS, after_submit


def refuse_unknown_cells(cells: Any) -> None:
    if not isinstance(cells, list) or not set(cells) <= set(CELLS):
        raise ValidationError("Pilih dari tabel: kapan dan apa yang ditunjukkan.")


class ReviewMatrixWidget(forms.CheckboxSelectMultiple):
    template_name = "quizzes/widgets/review_matrix.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = set(value or [])
        context["columns"] = ReviewWhen.labels
        context["rows"] = [
            (
                label,
                [
                    (f"{when}:{what}", f"{label}, {moment.lower()}", f"{when}:{what}" in chosen)
                    for when, moment in ReviewWhen.choices
                ],
            )
            for what, label in ReviewWhat.choices
        ]
        return context


class ReviewMatrixField(models.JSONField):
    """A list of ``when:what`` cells (quizzes/openness.py)."""

    default_validators = [refuse_unknown_cells]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", after_submit)
        # A quiz may show nothing at all.
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=str(self.verbose_name).capitalize(),
            help_text=self.help_text,
            choices=[(cell, cell) for cell in CELLS],
            required=False,
            widget=ReviewMatrixWidget,
            initial=after_submit,
        )
