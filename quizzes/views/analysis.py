"""How questions do, for trainers and reviewers: quizzes, one quiz, one question. Numbers of many, never of one."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from foundation import audit, pictures
from foundation.formats import number
from foundation.spreadsheets import Percent, csv_response, xlsx_response
from organisation.decorators import role_required
from quizzes.analysis import Selection, analysis_of
from quizzes.corrections import effects_of
from quizzes.distribution import plain
from quizzes.key_forms import key_words
from quizzes.models import KeyCorrection, QuizVersion
from quizzes.permissions import ANALYSES, quizzes_for_analysis
from quizzes.statistics import FEWEST_FOR_A_VERDICT, FEWEST_SHOWN

PAGE = 20
QUESTIONS = 50
NEWEST_VERSIONS = 5
SORTS = {
    "tanda": ("Yang ditandai dahulu", lambda row: (not row.is_flagged, -row.question.version.number, row.number)),
    "nomor": ("Nomor soal", lambda row: (-row.question.version.number, row.number)),
    "kesukaran": ("Tersulit dahulu", lambda row: row.figures.facility),
    "daya": ("Daya beda terendah dahulu", lambda row: (row.discrimination is None, row.discrimination or 0)),
}
LIST_HEADER = ["Pelatihan", "Kuis", "Percobaan", "Rata-rata", "Lulus", "Alpha", "Kesalahan pengukuran", "Ditandai"]
QUIZ_HEADER = [
    "Versi",
    "Nomor",
    "Soal",
    "Jenis",
    "Dijawab",
    "Tingkat kesukaran",
    "Daya beda",
    "Penuh",
    "Sebagian",
    "Nol",
    "Median detik",
    "Tanda",
]
QUESTION_HEADER = ["Pilihan", "Kunci", "Semua", "Semua (%)", "Sepertiga atas", "Sepertiga bawah"]


def _item(request, uuid):
    items = quizzes_for_analysis(request.user, at=timezone.now()).select_related("course")
    return get_object_or_404(items, uuid=uuid)


def _newest(item) -> QuizVersion:
    return item.quiz_versions.order_by("-number").first()


def _selection(request, item) -> Selection:
    """What the address asks for: ``versi`` (a number; none means all) and ``semua`` (every attempt)."""
    version = request.GET.get("versi", "")
    numbers = [str(number) for number in item.quiz_versions.values_list("number", flat=True)]
    return Selection(item.pk, int(version) if version in numbers else None, request.GET.get("semua") == "1")


def _choices(request, item, selection: Selection) -> dict:
    """Links that keep everything of the address except what they change."""

    def link(**changes) -> str:
        asked = {name: request.GET[name] for name in ("versi", "semua", "urut") if request.GET.get(name)}
        kept = {name: value for name, value in (asked | changes).items() if value}
        return f"?{urlencode(kept)}" if kept else request.path

    numbers = item.quiz_versions.order_by("-number").values_list("number", flat=True)
    return {
        "versions": [("Semua versi", link(versi=""), selection.version is None)]
        + [(f"Versi {n}", link(versi=str(n)), selection.version == n) for n in numbers[:NEWEST_VERSIONS]],
        "attempts": [
            ("Percobaan pertama", link(semua=""), not selection.every_attempt),
            ("Semua percobaan", link(semua="1"), selection.every_attempt),
        ],
        "sorts": [
            (label, link(urut=name), request.GET.get("urut", "tanda") == name) for name, (label, _) in SORTS.items()
        ],
        "query": request.GET.urlencode(),
    }


# --- all quizzes ------------------------------------------------------------


def _quiz_rows(items) -> list[dict]:
    rows = []
    for item in items:
        analysis = analysis_of(Selection(item.pk))
        version = _newest(item)
        figures = analysis.figures
        passed = None if figures.pass_share is None else figures.pass_share * 100
        rows.append(
            {"item": item, "version": version, "analysis": analysis, "figures": figures, "pass_percent": passed}
        )
    return rows


@role_required(ANALYSES)
def quiz_list(request):
    items = (
        quizzes_for_analysis(request.user, at=timezone.now()).select_related("course").order_by("course__code", "pk")
    )
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "quizzes/analysis/list.html",
        {"page": page, "rows": _quiz_rows(page.object_list), "fewest": FEWEST_SHOWN},
    )


@role_required(ANALYSES)
def list_export(request, kind):
    items = (
        quizzes_for_analysis(request.user, at=timezone.now()).select_related("course").order_by("course__code", "pk")
    )

    def cells(row) -> list:
        figures = row["figures"]
        shown = [row["item"].course.code, row["version"].title, figures.n]
        if figures.is_private:
            return [*shown, None, None, None, None, None]
        passed = None if figures.pass_share is None else Percent(round(figures.pass_share * 100, 1))
        return [
            *shown,
            *map(_rounded, (figures.mean,)),
            passed,
            _rounded(figures.alpha),
            _rounded(figures.error),
            row["analysis"].flagged,
        ]

    return _download(request, kind, "analisis-kuis", LIST_HEADER, map(cells, _quiz_rows(items)))


# --- one quiz ---------------------------------------------------------------


@role_required(ANALYSES)
def quiz(request, item):
    item = _item(request, item)
    selection = _selection(request, item)
    analysis = analysis_of(selection)
    _label, order = SORTS.get(request.GET.get("urut", ""), SORTS["tanda"])
    rows = sorted(analysis.rows, key=order)
    figures = analysis.figures
    context = {
        "item": item,
        "version": _newest(item),
        "analysis": analysis,
        "figures": figures,
        "page": Paginator(rows, QUESTIONS).get_page(request.GET.get("page")),
        "tiles": _tiles(analysis),
        "bands": [
            pictures.Bar(f"{band * 10}–{band * 10 + 10}", count * 100 / figures.n, f"{count} percobaan")
            for band, count in enumerate(figures.bands)
        ]
        if figures.n
        else [],
        "points": [
            (str(row.number), row.figures.facility * 100, row.discrimination, row.is_flagged)
            for row in analysis.rows
            if row.discrimination is not None and not row.figures.is_private
        ],
        "fewest": FEWEST_SHOWN,
        "verdict_from": FEWEST_FOR_A_VERDICT,
        **_choices(request, item, selection),
    }
    return render(request, "quizzes/analysis/quiz.html", context)


def _tiles(analysis) -> list[dict]:
    figures = analysis.figures
    tiles = [
        {"label": "Percobaan", "value": figures.n},
        {
            "label": "Rata-rata nilai",
            "value": _comma(figures.mean, 1),
            "note": f"simpangan {_comma(figures.deviation, 1)}",
        },
    ]
    if figures.pass_share is not None:
        tiles.append({"label": "Lulus", "value": f"{_comma(figures.pass_share * 100, 0)}%"})
    return [
        *tiles,
        {"label": "Keandalan (alpha)", "value": _comma(figures.alpha, 2), "note": _alpha_words(figures.alpha)},
        {
            "label": "Kesalahan pengukuran",
            "value": _comma(figures.error, 1),
            "note": "poin nilai, ke atas dan ke bawah",
        },
        {"label": "Soal ditandai", "value": analysis.flagged, "tone": "late" if analysis.flagged else ""},
    ]


def _alpha_words(alpha: float | None) -> str:
    if alpha is None:
        return "belum dapat dihitung"
    return "baik" if alpha >= 0.8 else "cukup" if alpha >= 0.6 else "lemah: nilai banyak ditentukan kebetulan"


def _comma(value: float | None, places: int) -> str:
    return "–" if value is None else number(value, places)


@role_required(ANALYSES)
def quiz_export(request, item, kind):
    item = _item(request, item)
    analysis = analysis_of(_selection(request, item))

    def cells(row) -> list:
        figures, question = row.figures, row.question
        shown = [question.version.number, row.number, row.title, question.get_kind_display(), figures.n]
        if figures.is_private:
            return [*shown, None, None, None, None, None, None, None]
        numbers = [
            _rounded(figures.facility),
            _rounded(figures.discrimination),
            figures.full,
            figures.partial,
            figures.none,
        ]
        return [*shown, *numbers, figures.seconds, "; ".join(flag.value for flag in row.flags)]

    return _download(request, kind, f"analisis-{item.course.code}", QUIZ_HEADER, map(cells, analysis.rows))


# --- one question -----------------------------------------------------------


def question_of(item, uuid):
    """The newest compiled form of a question of ``item``; 404 when there is none."""
    version = item.quiz_versions.filter(questions__uuid=uuid).order_by("-number").first()
    if version is None:
        raise Http404("no such question in this quiz")
    return version.questions.select_related("version__item__course").prefetch_related("options").get(uuid=uuid)


def _choice_rows(row) -> list[dict]:
    """Each choice with how many of all, of the high and of the low third took it; unknown ones are of old versions."""
    figures = row.figures
    known = {choice.key for choice in row.choices}
    old = sum(count for key, count in figures.everyone.chosen.items() if key not in known)
    groups = (figures.everyone, figures.high, figures.low)
    rows = [
        {"label": choice.label, "right": choice.right, "counts": [group.chosen[choice.key] for group in groups]}
        for choice in row.choices
    ]
    if old:
        rows.append({"label": "Pilihan dari versi lama", "right": False, "counts": [old, None, None]})
    if row.choices:
        rows.append({"label": "Tidak dijawab", "right": False, "counts": [group.unanswered for group in groups]})
    for line in rows:
        line["shares"] = [
            None if count is None or not group.n else count * 100 / group.n
            for count, group in zip(line["counts"], groups, strict=True)
        ]
        labels = ("Semua", "Sepertiga atas", "Sepertiga bawah")
        line["cells"] = list(zip(labels, line["counts"], line["shares"], strict=True))
    return rows


@role_required(ANALYSES)
def question(request, item, question):
    item = _item(request, item)
    selection = _selection(request, item)
    row = analysis_of(selection).row(question)
    shown = question_of(item, question)
    choices = _choice_rows(row) if row else []
    per_version = []
    for version in (
        item.quiz_versions.filter(questions__uuid=question).order_by("-number").values_list("number", flat=True)
    ):
        found = analysis_of(Selection(item.pk, version, selection.every_attempt)).row(question)
        if found:
            per_version.append((version, found))
        if len(per_version) == NEWEST_VERSIONS:
            break
    context = {
        "item": item,
        "row": row,
        "question": shown,
        "title": plain(shown.html, 90),
        "key": key_words(shown, effects_of(item.pk).on(shown).key),
        "choices_rows": choices,
        "bars": [
            pictures.Bar(
                f"{line['label']} (kunci)" if line["right"] else line["label"],
                line["shares"][0],
                f"{line['counts'][0]} kali",
            )
            for line in choices
        ],
        "per_version": per_version,
        "corrections": KeyCorrection.objects.filter(item=item, question=question).select_related("regrade"),
        "elsewhere": QuizVersion.objects.newest()
        .filter(questions__uuid=question)
        .exclude(item=item)
        .select_related("item__course"),
        "fewest": FEWEST_SHOWN,
        **_choices(request, item, selection),
    }
    return render(request, "quizzes/analysis/question.html", context)


@role_required(ANALYSES)
def question_export(request, item, question, kind):
    item = _item(request, item)
    question_of(item, question)
    row = analysis_of(_selection(request, item)).row(question)

    def cells(line) -> list:
        share = line["shares"][0]
        return [
            line["label"],
            line["right"],
            line["counts"][0],
            None if share is None else Percent(round(share, 1)),
            *line["counts"][1:],
        ]

    rows = [] if row is None or row.figures.is_private else _choice_rows(row)
    return _download(request, kind, f"analisis-soal-{item.course.code}", QUESTION_HEADER, map(cells, rows))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _download(request, kind: str, name: str, header: list[str], rows):
    now = timezone.now()
    audit.record(verb="analysis.exported", actor=request.user, at=now, detail={"file": name, "kind": kind})
    respond = xlsx_response if kind == "xlsx" else csv_response
    return respond(f"{name}.{kind}", header, rows)
