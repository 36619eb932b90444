"""An order while it is being written, step by step."""

import uuid

from django.db import models
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from organisation.models import User

from .duties import Assignment


class AssignmentDraft(models.Model):
    """The answers given so far, by field: so Back works, a list of thousands fits, and two presses give one order."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    actor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    assignment = models.OneToOneField(Assignment, null=True, on_delete=models.CASCADE, related_name="draft")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Draf penugasan {self.pk}"

    @property
    def data(self) -> MultiValueDict:
        """The answers as a form takes them."""
        return MultiValueDict(self.answers)

    def keep(self, posted: QueryDict, *names: str) -> None:
        """Take over what was posted for the fields ``names``."""
        self.answers |= {name: posted.getlist(name) for name in names}
