"""The answers of an attempt with their questions, as grading and review read them."""

from django.db.models import BigIntegerField

from courses.models import LegalSource
from foundation.kept import Kept
from foundation.prepared import PreparedRows, Slot

from .models import Attempt, Response, VersionQuestion

RESPONSES = PreparedRows(
    lambda: Response.objects.filter(attempt=Slot("attempt", BigIntegerField())).order_by("position")
)
# With their options: some 30 MB at most.
QUESTIONS = Kept(lambda pks: VersionQuestion.objects.prefetch_related("options").in_bulk(pks), most=4_000)


def answers_of(attempt: Attempt) -> list[Response]:
    """What stands stored for ``attempt``, in the order of its questions, which are not read."""
    responses = list(RESPONSES.rows(attempt=attempt.pk))
    for response in responses:
        response.attempt = attempt
    return responses


def responses_of(attempt: Attempt, *, legal_sources: bool = False) -> list[Response]:
    """The answers of ``attempt`` in their order, each with its question and the question's options.

    What the law says can change: ``legal_sources`` reads those of the questions anew.
    """
    responses = answers_of(attempt)
    questions = QUESTIONS.many(response.question_id for response in responses)
    for response in responses:
        response.question = questions[response.question_id]
    if legal_sources and (cited := {question.legal_source_id for question in questions.values()} - {None}):
        sources = LegalSource.objects.in_bulk(cited)
        for question in questions.values():
            if question.legal_source_id:
                question.legal_source = sources[question.legal_source_id]
    return responses
