"""What ``load_courses`` put into the CMS, so that it never overwrites what people wrote there since."""

from django.db import models
from wagtail.models import Page


class LoadedPage(models.Model):
    """The file a page came from and the revision it became. A newer revision means: edited in the CMS."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="loaded")
    source_sha256 = models.CharField(max_length=64)
    revision_id = models.BigIntegerField(help_text="Revisi yang dibuat dari berkas")

    def __str__(self) -> str:
        return f"{self.page} dari berkas {self.source_sha256[:12]}"
