"""Sending a stored file to somebody whose right was already asked.

Behind a web server that can do it, set ``MEDIA_ACCEL_PREFIX`` (e.g. ``/_media/``): then only the headers come
from here and nginx sends the bytes from an ``internal`` location of that name (docs/operating.md).
"""

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, quote_etag

CHUNK = 64 * 1024
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "vtt": "text/vtt; charset=utf-8",
    "pdf": "application/pdf",
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


def send_file(request: HttpRequest, file: FieldFile, *, filename: str, max_age: int) -> HttpResponseBase:
    """Answer with ``file``: one byte range when asked for, never inline as a page of ours, private to this browser."""
    path = file.path
    stat = os.stat(path)
    etag = quote_etag(f"{stat.st_size:x}-{stat.st_mtime_ns:x}")
    changed = int(stat.st_mtime)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        response = _content(request, file, stat.st_size, etag)
    kind = PurePosixPath(filename).suffix.lstrip(".").lower()
    response["Content-Type"] = CONTENT_TYPES.get(kind, "application/octet-stream")
    # Pictures and video are shown by the element that embeds them; opened alone, everything is a download.
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={max_age}"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    response["Accept-Ranges"] = "bytes"
    return response


def _content(request: HttpRequest, file: FieldFile, size: int, etag: str) -> HttpResponseBase:
    if prefix := getattr(settings, "MEDIA_ACCEL_PREFIX", ""):
        response: HttpResponseBase = HttpResponse()
        response["X-Accel-Redirect"] = prefix + quote(file.name or "")
        return response
    span = _span(request, size, etag)
    if span is None:
        response = StreamingHttpResponse(_read(file, 0, size))
        response["Content-Length"] = size
        return response
    first, last = span
    if first > last or first >= size:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    response = StreamingHttpResponse(_read(file, first, last - first + 1), status=206)
    response["Content-Length"] = last - first + 1
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """The one range asked for as (first, last), or None for the whole file; (1, 0) cannot be satisfied."""
    asked = _RANGE.match(request.headers.get("range", "").strip())
    if not asked or asked.groups() == ("", "") or request.headers.get("if-range", etag) != etag:
        return None
    start, end = asked.groups()
    if not start:
        return (max(0, size - int(end)), size - 1) if int(end) else (1, 0)
    return int(start), min(int(end), size - 1) if end else size - 1


def _read(file: FieldFile, first: int, length: int) -> Iterator[bytes]:
    with file.open("rb") as source:
        source.seek(first)
        while length > 0 and (chunk := source.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
