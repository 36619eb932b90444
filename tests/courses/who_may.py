from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail_factories import ImageFactory

from tests.who_may import Row, everyone


def _picture(world) -> str:
    # Wagtail caches renditions by the number of their picture, which every question gives out again.
    cache.clear()
    return ImageFactory(file=get_test_image_file()).get_rendition("width-80").url


def _document(world) -> str:
    return get_document_model().objects.create(title="Surat", file=SimpleUploadedFile("surat.pdf", b"%PDF-1.7")).url


AUTHORS_ONLY = everyone(404, trainer=200, reviewer=200)

ROWS = [
    Row("materi: gambar yang belum terbit", url=_picture, answers=AUTHORS_ONLY),
    Row("materi: dokumen yang belum terbit", url=_document, answers=AUTHORS_ONLY),
]
