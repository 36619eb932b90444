"""Files of lessons: every one asks the gate first."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from .access import may_open
from .sending import send_file

# A rendition's name changes with its content.
WEEK = 7 * 24 * 3600
HOUR = 3600


@require_safe
def media(request, name: str):
    """A picture as lessons show it, or as it was uploaded; 404 for whoever may not open it."""
    images = get_image_model()
    rendition = images.get_rendition_model().objects.filter(file=name).select_related("image").first()
    image = rendition.image if rendition else images.objects.filter(file=name).first()
    if image is None or not may_open(request, image):
        raise Http404
    file = rendition.file if rendition else image.file
    if not file.storage.exists(file.name):
        raise Http404
    return send_file(request, file, filename=name.rsplit("/", 1)[-1], max_age=WEEK)


@require_safe
def document(request, document_id: int, filename: str):
    """A download, video or captions file. Stands before Wagtail's own view, which knows no gate and no byte ranges."""
    found = get_object_or_404(get_document_model(), pk=document_id)
    if found.filename != filename or not may_open(request, found) or not found.file.storage.exists(found.file.name):
        raise Http404
    return send_file(request, found.file, filename=found.filename, max_age=HOUR)
