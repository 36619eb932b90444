"""Legal sources and tariffs from their files. One edited in the CMS since it was loaded stays as it is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from wagtail.log_actions import log

from courses.compiling import fingerprint
from courses.models import LegalSource, SourceStatus, Tariff

from .entries import Entry
from .pages import Did, Outcome


def load_legal_sources(entries: Iterable[Entry]) -> list[Outcome]:
    """Make or renew the legal sources of a file, found by their code. Raises ContentFileError."""
    return [_load(LegalSource, entry.text("code", longest=40), _source_fields(entry)) for entry in entries]


def load_tariffs(entries: Iterable[Entry]) -> list[Outcome]:
    """Make or renew the tariffs of a file; their legal sources must be there. Raises ContentFileError."""
    return [_load(Tariff, entry.text("code", longest=40), _tariff_fields(entry)) for entry in entries]


def find_source(entry: Entry, key: str, code: str) -> LegalSource:
    """The legal source with ``code``. Raises ContentFileError for an unknown one."""
    source = LegalSource.objects.filter(code=code).first()
    if source is None:
        raise entry.problem(f"dasar hukum “{code}” tidak ada di legal_sources.yaml; tambahkan di sana.", key)
    return source


def _source_fields(entry: Entry) -> dict[str, Any]:
    entry.read.add("code")
    fields = {
        "title": entry.text("title", longest=300),
        "short": entry.text("short", longest=80),
        "status": entry.one_of("status", SourceStatus.values),
        "checked_on": entry.day("checked_on"),
        "review_by": entry.day("review_by"),
        "note": entry.text("note", ""),
    }
    entry.finish()
    return fields


def _tariff_fields(entry: Entry) -> dict[str, Any]:
    entry.read.add("code")
    fields = {
        "service": entry.text("service", longest=40),
        "name": entry.text("name", longest=120),
        "amount": entry.number("amount"),
        "payee": entry.text("payee", longest=80),
        "legal_source": find_source(entry, "legal_source", entry.text("legal_source")),
        "checked_on": entry.day("checked_on"),
        "note": entry.text("note", "", longest=200),
    }
    entry.finish()
    return fields


def _hash(fields: dict[str, Any]) -> str:
    return fingerprint({name: value.pk if isinstance(value, Model) else value for name, value in fields.items()})


def _load(model: type[LegalSource] | type[Tariff], code: str, fields: dict[str, Any]) -> Outcome:
    digest = _hash(fields)
    row = model.objects.filter(code=code).first()
    if row is None:
        row = model.objects.create(code=code, loaded_sha256=digest, **fields)
        log(instance=row, action="wagtail.create")
        return Outcome(str(row), Did.CREATED)
    if row.loaded_sha256 == digest:
        return Outcome(str(row), Did.UNCHANGED)
    if _hash({name: getattr(row, name) for name in fields}) != row.loaded_sha256:
        return Outcome(str(row), Did.KEPT, "Sudah disunting di CMS sejak dimuat.")
    for name, value in {**fields, "loaded_sha256": digest}.items():
        setattr(row, name, value)
    row.save()
    log(instance=row, action="wagtail.edit")
    return Outcome(str(row), Did.UPDATED)
