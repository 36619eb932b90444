"""The page that anybody may ask: is this certificate genuine, and does it still stand?

Every answer about an existing certificate is free of limits; what is counted, per address, are codes
that lead nowhere, numbers typed and files sent. Nothing here knows who asks.
"""

from functools import wraps

from allauth.account.adapter import get_adapter
from django.shortcuts import redirect, render
from django.utils import timezone

from certificates import checking, verification
from certificates.exceptions import FileRefused
from certificates.forms import CodeForm, FileForm, HolderNumberForm
from certificates.identifiers import grouped
from certificates.models import Certificate
from certificates.rendering.document import verification_place
from certificates.sealing.inspection import inspect
from foundation import limits

MINUTE, HOUR = 60, 3600
MISSES_PER_MINUTE = 30
NUMBERS_PER_ADDRESS, NUMBERS_PER_CERTIFICATE = 10, 40
FILES_PER_MINUTE = 20


def public_page(view):
    """Kept by nobody: no cache, no search engine."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


def _address(request) -> str:
    return get_adapter(request).get_client_ip(request)


def _within(request, what: str, limit: int, seconds: int) -> bool:
    return limits.hit(f"verify-{what}:{_address(request)}", limit, seconds)


def _too_often(request):
    return render(request, "certificates/too_often.html", status=429)


def _not_found(request):
    """The same bytes for every code that names nothing, well-formed or not."""
    if not _within(request, "miss", MISSES_PER_MINUTE, MINUTE):
        return _too_often(request)
    return render(request, "certificates/not_found.html", status=404)


def _page(request, certificate: Certificate, **answers):
    now = timezone.now()
    context = {
        "certificate": certificate,
        "state": certificate.state_at(now),
        "verdict_text": verification.verdict_text(certificate, at=now),
        "facts": verification.facts(certificate),
        "texts": verification.printed_texts(certificate),
        "materials": verification.materials(certificate),
        "seal_facts": verification.seal_facts(certificate),
        "renewal": verification.renewal_of(certificate),
        "place": verification_place(),
        "number_form": HolderNumberForm(),
        "file_form": FileForm(),
        **answers,
    }
    return render(request, "certificates/verify.html", context)


def _start(request, *, code_form=None, file_form=None, **answers):
    context = {
        "code_form": code_form or CodeForm(),
        "file_form": file_form or FileForm(),
        "place": verification_place(),
        **answers,
    }
    return render(request, "certificates/verify_start.html", context)


@public_page
def start(request):
    """Type the code from the paper, or send the file."""
    form = CodeForm(request.GET if "kode" in request.GET else None)
    if form.is_valid():
        return redirect("verify", public_id=grouped(form.cleaned_data["kode"]))
    return _start(request, code_form=form)


@public_page
def verify(request, public_id):
    certificate = verification.find(public_id)
    return _page(request, certificate) if certificate else _not_found(request)


@public_page
def verify_number(request, public_id):
    """Who holds the paper types the NRP/NIP on it; the page only says whether it fits."""
    certificate = verification.find(public_id)
    if certificate is None:
        return _not_found(request)
    if request.method != "POST":
        return redirect("verify", public_id=certificate.shown_id)
    form = HolderNumberForm(request.POST)
    if not form.is_valid():
        return _page(request, certificate, number_form=form)
    allowed = _within(request, "number", NUMBERS_PER_ADDRESS, 10 * MINUTE) and limits.hit(
        f"verify-number-of:{certificate.pk}", NUMBERS_PER_CERTIFICATE, HOUR
    )
    if not allowed:
        return _too_often(request)
    matches = certificate.prints_number and verification.number_matches(certificate, form.cleaned_data["nomor"])
    return _page(request, certificate, number_answer="match" if matches else "differs")


def _content(request) -> tuple[bytes, FileForm]:
    """The bytes of the uploaded file, or nothing and the form with what is wrong."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return checking.content_of(form.cleaned_data["berkas"]), form
        except FileRefused as refusal:
            form.add_error("berkas", str(refusal))
    return b"", form


@public_page
def verify_file(request, public_id):
    """Compare a file with the bytes that were issued under this code."""
    certificate = verification.find(public_id)
    if certificate is None:
        return _not_found(request)
    if request.method != "POST":
        return redirect("verify", public_id=certificate.shown_id)
    if not _within(request, "file", FILES_PER_MINUTE, MINUTE):
        return _too_often(request)
    content, form = _content(request)
    if not content:
        return _page(request, certificate, file_form=form)
    found = checking.answer(inspect(content), size=len(content), at=timezone.now(), asked=certificate)
    return _page(request, certificate, file_answer=found)


@public_page
def find_by_file(request):
    """Find the certificate by the file alone."""
    if request.method != "POST":
        return redirect("verify-start")
    if not _within(request, "file", FILES_PER_MINUTE, MINUTE):
        return _too_often(request)
    content, form = _content(request)
    if not content:
        return _start(request, file_form=form)
    inspected = inspect(content)
    found = checking.answer(inspected, size=len(content), at=timezone.now())
    if inspected.file is None:
        return _start(request, file_answer=found)
    return _page(request, verification.find(inspected.file.certificate.public_id), file_answer=found)
