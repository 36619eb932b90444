"""The form in which an officer questions a result, once."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from quizzes import services
from quizzes.exceptions import DisputeRefused
from quizzes.permissions import attempts_for_actor
from quizzes.services.disputing import LONGEST_TEXT


class DisputeForm(forms.Form):
    position = forms.TypedChoiceField(label="Yang dipertanyakan", coerce=int, empty_value=None, required=False)
    text = forms.CharField(
        label="Pertanyaan atau keberatan Anda",
        max_length=LONGEST_TEXT,
        help_text="Tuliskan apa yang menurut Anda keliru dan mengapa, paling banyak 1.000 huruf. "
        "Jangan menulis nama atau NRP: penilai tidak perlu tahu siapa Anda.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, data, *, total: int):
        super().__init__(data)
        self.fields["position"].choices = [
            ("", "Seluruh hasil"),
            *((position, f"Soal {position}") for position in range(1, total + 1)),
        ]


@login_required
def question_result(request, uuid):
    now = timezone.now()
    own = attempts_for_actor(request.user, at=now).select_related("version", "item__course", "enrolment")
    attempt = get_object_or_404(own, uuid=uuid)
    if not services.may_be_questioned(attempt, at=now):
        messages.info(request, "Hasil ini tidak dapat dipertanyakan: sudah pernah, atau pembahasannya belum terbuka.")
        return redirect("quiz-result", uuid)
    form = DisputeForm(request.POST or None, total=attempt.responses.count())
    if request.method == "POST" and form.is_valid():
        try:
            services.question_result(
                attempt=attempt,
                actor=request.user,
                position=form.cleaned_data["position"],
                text=form.cleaned_data["text"],
                at=now,
            )
        except DisputeRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Sanggahan terkirim. Jawabannya akan muncul di halaman ini.")
        return redirect("quiz-result", uuid)
    context = {
        "form": form,
        "attempt": attempt,
        "crumbs": [
            {"url": attempt.item.course.url, "label": attempt.item.course.title},
            {"url": reverse("quiz-result", args=[uuid]), "label": f"Hasil percobaan {attempt.number}"},
            {"label": "Pertanyakan hasil"},
        ],
    }
    return render(request, "quizzes/question_result.html", context)
