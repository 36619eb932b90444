"""Wagtail's signals, each handed to one service. Raising stops the act, because it runs inside its transaction."""

from django.db.models.signals import post_delete, pre_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page
from wagtail.signals import post_page_move, pre_page_move

from . import services, uploads
from .models import Course, CoursePage


@receiver(pre_delete, dispatch_uid="courses.refuse_deletion")
def refuse_deletion(sender, instance, **_kwargs) -> None:
    if issubclass(sender, Page):
        services.refuse_deletion(instance)


@receiver(post_delete, sender=CoursePage, dispatch_uid="courses.archive_deleted")
def archive_deleted(instance, **_kwargs) -> None:
    """The row stays: its code is never given to another course. Without a version nothing needs it."""
    course = Course.objects.filter(pk=instance.course_id).first()
    if course is None:
        return
    if course.current_version_id is None and not course.items.exists():
        course.delete()
    else:
        Course.objects.filter(pk=course.pk, archived_at=None).update(archived_at=timezone.now())


@receiver(pre_page_move, dispatch_uid="courses.refuse_move")
def refuse_move(instance, parent_page_before, parent_page_after, **_kwargs) -> None:
    services.refuse_move(instance.specific, parent_before=parent_page_before, parent_after=parent_page_after)


@receiver(post_page_move, dispatch_uid="courses.recompile")
def recompile(instance, **_kwargs) -> None:
    actor = get_active_log_context().user
    services.recompile_after_move(instance, actor=actor, at=timezone.now())


@receiver(pre_save, sender=get_image_model(), dispatch_uid="courses.strip_image")
def strip_image(instance, **_kwargs) -> None:
    if instance.file and not instance.file._committed:
        uploads.strip_metadata(instance.file)
