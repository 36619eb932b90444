"""foundation/formats.py in templates: ``{% load formats %}``, ``{{ duty.due_at|date_long:unit.zone }}``.

Filters of nothing (None or "") show nothing. A datetime always names its zone; a plain date does not.
"""

from collections.abc import Callable
from typing import Any

from django import template

from foundation import formats

register = template.Library()


def _filter(write: Callable[..., str]) -> None:
    def shown(value: Any, argument: Any = None) -> str:
        if value is None or value == "":
            return ""
        return write(value) if argument is None else write(value, argument)

    register.filter(write.__name__, shown)


for _write in (
    formats.date_long,
    formats.date_medium,
    formats.date_short,
    formats.month_year,
    formats.roman_month,
    formats.time_zone,
    formats.datetime_zone,
    formats.datetime_long,
    formats.zone_label,
    formats.number,
    formats.rupiah,
    formats.percent,
    formats.byte_size,
    formats.minutes_text,
):
    _filter(_write)


@register.simple_tag
def days_left(due, at, zone) -> str:
    """{% days_left duty.due_at at unit.zone %} → 7 hari lagi"""
    return formats.days_left(due, at=at, zone=zone)


@register.simple_tag
def greeting(at, zone) -> str:
    """{% greeting at unit.zone %} → Selamat pagi"""
    return formats.greeting(at, zone)


@register.simple_tag
def time_range(start, end, zone) -> str:
    """{% time_range event.start event.end unit.zone %} → 08.00–10.30 WIB"""
    return formats.time_range(start, end, zone)


@register.simple_tag
def date_range(start, end, zone=None) -> str:
    """{% date_range start end zone %} → 20–21 November 2026"""
    return formats.date_range(start, end, zone)
