"""What happens when people read what the platform wrote: to themselves, or to others."""

from datetime import datetime

from enrolments.models import Notice, NoticeQuerySet
from foundation import audit
from organisation.models import User


def mark_read(*, notices: NoticeQuerySet, at: datetime) -> int:
    """Mark the unread ones among ``notices``; return how many."""
    return notices.unread().update(read_at=at)


def open_notice(*, notice: Notice, at: datetime) -> str:
    """Mark it read and say where it leads: an address of the platform."""
    if notice.read_at is None:
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
    return notice.message.url or "/"


def record_messages_view(*, actor: User, page: str, at: datetime) -> None:
    """Somebody read a list of what others were, or will be, told: one event without names."""
    audit.record(verb="reminders.viewed", actor=actor, at=at, detail={"page": page})
