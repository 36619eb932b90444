"""Questions in and out, in the CMS: upload and see, then import exactly that file; export with what is left behind."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from foundation.spreadsheets import XLSX_TYPE
from organisation.decorators import role_required
from quizzes import services
from quizzes.choices import QuestionKind
from quizzes.exceptions import QuestionImportRefused
from quizzes.formats import FORMATS, Reading
from quizzes.formats.text import text_of
from quizzes.formats.xlsx_writing import template
from quizzes.models import BankQuestion
from quizzes.permissions import WRITES_QUESTIONS, question_imports_for_actor, quiz_pages_for_actor
from quizzes.question_forms import ExportForm, ImportForm

ROWS = 100


@role_required(WRITES_QUESTIONS)
def upload(request):
    now = timezone.now()
    pages = quiz_pages_for_actor(request.user, at=now)
    form = ImportForm(
        request.POST or None, request.FILES or None, pages=pages, initial={"page": request.GET.get("kuis")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            staged = services.stage_import(
                content=form.content,
                file_name=form.file_name,
                format=form.cleaned_data["format"],
                page=form.cleaned_data["page"],
                topic=form.cleaned_data["topic"],
                actor=request.user,
                at=now,
            )
        except QuestionImportRefused as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(refusal))
        else:
            return redirect("quizzes-import-preview", staged.uuid)
    return render(request, "quizzes/admin/import.html", {"form": form})


@role_required(WRITES_QUESTIONS)
def preview(request, uuid):
    now = timezone.now()
    staged = get_object_or_404(question_imports_for_actor(request.user, at=now), uuid=uuid)
    if staged.applied_at:
        return render(request, "quizzes/admin/import_done.html", {"upload": staged})
    try:
        if request.method == "POST":
            count = services.confirm_import(upload=staged, at=now)
            messages.success(request, f"{count} soal diimpor sebagai draf.")
            return redirect("quizzes-import-preview", staged.uuid)
        reading = services.preview_import(upload=staged)
    except QuestionImportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("quizzes-import")
    rows = Paginator(_rows(reading), ROWS).get_page(request.GET.get("p"))
    context = {"upload": staged, "reading": reading, "rows": rows, "format": FORMATS[staged.format]}
    return render(request, "quizzes/admin/import_preview.html", context)


def _rows(reading: Reading) -> list[dict]:
    """One row per question or refusal, in the order of the file; refusals of a question that was read stand with it."""
    rows = [
        {
            "line": question.line,
            "kind": QuestionKind(question.kind).label,
            "words": text_of(question.value["text"]),
            "topic": " / ".join(question.topic),
            "notes": question.notes,
        }
        for question in reading.questions
    ]
    rows += [{"line": refusal.line, "refusal": refusal.sentence} for refusal in reading.refusals]
    return sorted(rows, key=lambda row: (row["line"], "refusal" in row))


@role_required(WRITES_QUESTIONS)
@require_safe
def export(request):
    """Choose, and see what the format cannot hold before downloading."""
    pages = quiz_pages_for_actor(request.user, at=timezone.now())
    chosen = "format" in request.GET
    form = ExportForm(request.GET if chosen else None, pages=pages, initial={"page": request.GET.get("page")})
    context: dict[str, object] = {"form": form}
    if chosen and form.is_valid():
        page, format = form.cleaned_data["page"], form.cleaned_data["format"]
        written = services.export_questions(page=page, format=format)
        total = len(page.get_latest_revision_as_object().questions) if page else BankQuestion.objects.approved().count()
        omitted = sum(unheld.omitted for unheld in written.unheld)
        context |= {
            "page": page,
            "format": FORMATS[format],
            "unheld": written.unheld,
            "total": total,
            "held": total - omitted,
            "omitted": omitted,
        }
    return render(request, "quizzes/admin/export.html", context)


@role_required(WRITES_QUESTIONS)
@require_safe
def download(request):
    now = timezone.now()
    form = ExportForm(request.GET, pages=quiz_pages_for_actor(request.user, at=now))
    if not form.is_valid():
        return redirect("quizzes-export")
    page, format = form.cleaned_data["page"], FORMATS[form.cleaned_data["format"]]
    written = services.export_questions(page=page, format=format.code)
    services.record_export(page=page, format=format.code, actor=request.user, at=now)
    return _file(
        written.content, f"{slugify(page.title if page else 'bank soal') or 'soal'}{format.suffix}", format.content_type
    )


@role_required(WRITES_QUESTIONS)
@require_safe
def template_file(request):
    return _file(template(), "templat-soal.xlsx", XLSX_TYPE)


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
