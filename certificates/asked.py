"""What an actor asks for by the filter of an address: the same rows for the page, its file, and a worker later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from enrolments.models import CourseCompletion
from foundation.formats import day_of
from organisation.listings import in_words as words_of
from organisation.models import Zone
from organisation.permissions import READS_LEARNING, grants_of, units_for_actor

from . import lists
from .forms_filters import RegisterFilter, UncertifiedFilter
from .models.rows import CertificateQuerySet
from .permissions import certificates_for_actor, uncertified_for_actor
from .register import filtered

EVERYTHING = "Semua di satuan Anda"


def zone_of(actor, *, at: datetime) -> str:
    """The zone in which days of a filter are meant: that of the highest unit granted to the actor."""
    grant = grants_of(actor, READS_LEARNING, at=at).order_by("unit__path").first()
    return grant.unit.zone if grant else Zone.WIB


def register_asked(
    actor, data: Mapping[str, Any], *, at: datetime, roles=READS_LEARNING
) -> tuple[RegisterFilter, CertificateQuerySet]:
    """The filter of the register and the certificates that it leaves."""
    zone = zone_of(actor, at=at)
    form = RegisterFilter(data, units=units_for_actor(actor, at=at, roles=roles), today=day_of(at, zone))
    form.is_valid()
    rows: Any = certificates_for_actor(actor, at=at, roles=roles)
    return form, filtered(rows, form.cleaned_data, at=at, zone=zone)


def missing_asked(
    actor, data: Mapping[str, Any], *, at: datetime, roles=READS_LEARNING
) -> tuple[UncertifiedFilter, QuerySet[CourseCompletion]]:
    """The filter of what has no certificate and the completions that it leaves."""
    form = UncertifiedFilter(data, units=units_for_actor(actor, at=at, roles=roles))
    form.is_valid()
    rows = uncertified_for_actor(actor, at=at, roles=roles)
    return form, lists.uncertified(rows, form.cleaned_data, zone=zone_of(actor, at=at))


def in_words(form: forms.Form) -> str:
    """``Satuan: Polsek Contoh, Terbit sejak: 2026-11-01``: what a filter was set to, EVERYTHING where nothing was."""
    return ", ".join(f"{label}: {answer}" for label, answer in words_of(form).items())[:300] or EVERYTHING
