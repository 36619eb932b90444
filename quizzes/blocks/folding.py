"""How blocks behave in the editor: readable one-line labels, and questions whose fields are built when opened.

A page of fifty questions has some twenty thousand form fields and buttons; Wagtail would build all of them
before the author sees the first. A question that was not opened travels through the form as it was stored,
signed and packed in one hidden field, and comes back byte for byte.
"""

import json
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

SALT = "quizzes.folded-question"
LONGEST_LABEL = 120


class StoredJSON:
    """Writes a block's value as its StreamField stores it, decimals included."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, cls=DjangoJSONEncoder, separators=(",", ":")).encode()

    def loads(self, text: bytes) -> Any:
        return json.loads(text)


class NamedBlock(blocks.StructBlock):
    """A struct whose ``label_format`` may name check boxes (✓ or ✗) and numbers (0,5)."""


class FoldedBlock(NamedBlock):
    """A struct whose form is built when its author opens it. It has a rich text called ``text``."""

    def get_form_state(self, value) -> dict[str, Any]:
        stored = self.get_prep_value(value)
        return {
            **super().get_form_state(value),
            "folded": signing.dumps(stored, salt=SALT, serializer=StoredJSON, compress=True),
            "label": Truncator(" ".join(strip_tags(stored["text"] or "").split())).chars(LONGEST_LABEL),
        }

    def value_from_datadict(self, data, files, prefix):
        folded = data.get(f"{prefix}-folded")
        if folded is None:
            return super().value_from_datadict(data, files, prefix)
        try:
            return self.to_python(signing.loads(folded, salt=SALT, serializer=StoredJSON))
        except signing.BadSignature as error:
            raise SuspiciousOperation("a folded question was changed on its way") from error

    def value_omitted_from_data(self, data, files, prefix) -> bool:
        return f"{prefix}-folded" not in data and super().value_omitted_from_data(data, files, prefix)


class NamedAdapter(StructBlockAdapter):
    js_constructor = "quizzes.NamedBlock"

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["quizzes/editor.js"])


class FoldedAdapter(NamedAdapter):
    js_constructor = "quizzes.FoldedBlock"


register(NamedAdapter(), NamedBlock)
register(FoldedAdapter(), FoldedBlock)
