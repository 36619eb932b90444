"""What somebody needs who checks certificates without us: public keys, the signed status list, the program.

Public files about nobody: hashes and keys. They may be kept, but are asked for anew, so that list and
signature belong together.
"""

from django.conf import settings
from django.core.files.storage import storages
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe

from certificates.models import SealCertificate, StatusList
from certificates.rendering.document import verification_place
from certificates.sealing import ceremony
from certificates.sealing.status_list import HOLDS

from .public import public_page

LIST, SIGNATURE, KEYS, PROGRAM = "daftar-status.txt", "daftar-status.txt.sig", "kunci.pem", "check_offline.py"
TEXT = "text/plain; charset=utf-8"


def _etag(request) -> str | None:
    newest = StatusList.objects.first()
    return quote_etag(f"{newest.pk}-{newest.sha256[:16]}") if newest else None


def _public(response, name: str):
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _none_yet():
    words = "Daftar status belum ada: instansi ini belum memakai segel elektronik, atau daftarnya sedang dibuat.\n"
    return HttpResponse(words, status=404, content_type=TEXT)


@public_page
@require_safe
def overview(request):
    """How to check without us, and the files for it."""
    newest = StatusList.objects.select_related("sealed_with").first()
    context = {
        "seals": SealCertificate.objects.order_by("-valid_from", "-pk"),
        "newest": newest,
        "good_until": newest and newest.made_at + HOLDS,
        "place": verification_place(),
    }
    return render(request, "certificates/offline.html", context)


@require_safe
@condition(etag_func=_etag)
def status_list(request):
    newest = StatusList.objects.first()
    if newest is None:
        return _none_yet()
    try:
        content = storages["private"].open(newest.storage_name)
    except OSError:
        return _none_yet()
    answer = FileResponse(content, content_type=TEXT)
    answer.headers["Content-Length"] = str(newest.size)
    return _public(answer, LIST)


@require_safe
@condition(etag_func=_etag)
def signature(request):
    newest = StatusList.objects.first()
    if newest is None:
        return _none_yet()
    return _public(HttpResponse(bytes(newest.signature), content_type="application/octet-stream"), SIGNATURE)


@require_safe
def keys(request):
    return _public(HttpResponse(ceremony.exported(), content_type="application/x-pem-file"), KEYS)


@require_safe
def program(request):
    path = settings.BASE_DIR / "scripts" / PROGRAM
    return _public(HttpResponse(path.read_bytes(), content_type=TEXT), PROGRAM)
