"""*Ingatkan*: a ready text to send by hand, and the record that it was sent."""

from itertools import groupby

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from enrolments.exceptions import EnrolmentError
from enrolments.services import MAXIMUM_PEOPLE, Reminded, current_templates, share_with_officer, share_with_unit
from enrolments.wording import MessageKind
from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING, officers_for_actor
from reports import chase, services
from reports.asking import PAGES
from reports.core import Wanted, read
from reports.scope import scope_of

from .reading import opened

NAMED = 50
REMIND_FILTER = PAGES["chase-list"].fields


class TextForm(forms.Form):
    text = forms.CharField(
        label="Teks",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Salin, lalu kirim sendiri lewat kanal satuan. Boleh disesuaikan; yang tercatat adalah teks ini.",
    )


def _page(request, *, words, title, facts, back, act):
    """Show the text; on POST record it with ``act(text)``, which returns what to say."""
    form = TextForm(request.POST or None, initial={"text": words.text})
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(form.cleaned_data["text"].replace("\r\n", "\n")))
        except EnrolmentError as refusal:
            messages.error(request, str(refusal))
        return redirect(back)
    context = {"form": form, "title": title, "facts": facts, "back": back}
    return render(request, "reports/remind.html", context)


@role_required(READS_LEARNING)
def remind_unit(request):
    """The text for the group of one unit, about everybody the chase list holds with the same filter."""
    scope, _form, wanted = opened(request, REMIND_FILTER)
    back = wanted.link(reverse("chase-list"))
    late = chase.late_rows(scope, wanted)
    people_count = chase.officers_among(late)
    refusal = (
        "Pilih satu satuan dahulu."
        if wanted.unit is None
        else "Tidak ada yang lewat batas waktu dengan saringan ini."
        if not people_count
        else f"Lebih dari {MAXIMUM_PEOPLE} personel. Pilih satuan, loket, atau pelatihan tertentu dahulu."
        if people_count > MAXIMUM_PEOPLE
        else ""
    )
    if refusal:
        messages.error(request, refusal)
        return redirect(back)
    rows = read(late, scope)
    templates = current_templates()
    words = chase.words_for_unit(
        rows[:NAMED], scope, templates[MessageKind.UNIT_BY_HAND], unit=wanted.unit, more=max(0, len(rows) - NAMED)
    )
    services.record_list_view(scope=scope, report="remind", wanted=wanted, unit=wanted.unit)

    def act(text: str) -> str:
        count = share_with_unit(
            unit=wanted.unit,
            title=words.title,
            text=text,
            template=words.template,
            people=_people(rows, scope, templates[MessageKind.OFFICER_BY_HAND]),
            own_template=templates[MessageKind.OFFICER_BY_HAND],
            actor=request.user,
            at=scope.at,
        )
        return f"Dicatat. {count} personel melihat pengingatnya di aplikasi."

    facts = f"{people_count} personel, {len(rows)} pelatihan lewat batas waktu"
    return _page(request, words=words, title=f"Ingatkan {wanted.unit.short_name}", facts=facts, back=back, act=act)


def _people(rows, scope, template) -> list[Reminded]:
    """Each officer of ``rows`` once, with the words for the own notice."""
    by_officer = sorted(rows, key=lambda row: row.officer.pk)
    people = []
    for _pk, own in groupby(by_officer, key=lambda row: row.officer.pk):
        people.append(_reminded(list(own), scope, template))
    return people


def _reminded(rows, scope, template, text: str = "") -> Reminded:
    words = chase.words_for_officer(rows, scope, template)
    return Reminded(rows[0].officer, rows[0].posting.unit, words.title, text or words.text)


@role_required(READS_LEARNING)
def remind_officer(request, uuid):
    """The text for one officer about everything that is late."""
    scope = scope_of(request.user, at=timezone.now())
    officer = get_object_or_404(officers_for_actor(request.user, at=scope.at, roles=READS_LEARNING), uuid=uuid)
    back = reverse("learning-record", args=[officer.uuid])
    rows = read(chase.late_rows(scope, Wanted()).filter(officer=officer), scope)
    if not rows:
        messages.error(request, "Tidak ada pelatihan personel ini yang lewat batas waktu.")
        return redirect(back)
    template = current_templates()[MessageKind.OFFICER_BY_HAND]
    words = chase.words_for_officer(rows, scope, template)
    services.record_learning_view(scope=scope, officer=officer, unit=rows[0].posting.unit)

    def act(text: str) -> str:
        reminded = _reminded(rows, scope, template, text)
        share_with_officer(reminded=reminded, template=template, actor=request.user, at=scope.at)
        return f"Dicatat. {chase.name_of(rows[0])} juga melihatnya di aplikasi."

    facts = f"{rows[0].posting.unit.name} · {len(rows)} pelatihan lewat batas waktu"
    return _page(request, words=words, title=f"Ingatkan {chase.name_of(rows[0])}", facts=facts, back=back, act=act)
