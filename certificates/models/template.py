"""The words of the certificate, kept by trainers in the CMS with drafts, revisions and a real preview."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpResponse
from django.utils.html import format_html
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin

from certificates.exceptions import UnknownField
from certificates.fields import check_fields
from certificates.wording import EXAMPLES, FIELDS, TEXTS
from courses.models import Course


def check_text(text: str) -> None:
    try:
        check_fields(text, FIELDS)
    except UnknownField as error:
        raise ValidationError(str(error))


def _text(name: str) -> models.CharField:
    label, default, hint = TEXTS[name]
    return models.CharField(
        label, max_length=300, default=default, blank=not default, help_text=hint, validators=[check_text]
    )


class CertificateTemplateQuerySet(models.QuerySet["CertificateTemplate"]):
    def for_course(self, course: Course) -> "CertificateTemplate | None":
        """The published template in use for ``course``: its own before the general one, the newest of each."""
        usable = self.filter(Q(course=course) | Q(course=None), live=True, active=True)
        return usable.order_by(F("course").asc(nulls_last=True), "-last_published_at", "-pk").first()


class CertificateTemplate(DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """What is printed around the facts of a certificate; a fixed frame, style and order."""

    name = models.CharField("nama templat", max_length=80)
    course = models.ForeignKey(
        Course,
        verbose_name="hanya untuk pelatihan",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificate_templates",
        help_text="Kosong berarti untuk semua pelatihan yang tidak punya templat sendiri.",
    )
    active = models.BooleanField("dipakai", default=True)
    title = _text("title")
    intro = _text("intro")
    holder = _text("holder")
    passed = _text("passed")
    completed = _text("completed")
    detail = _text("detail")
    validity = _text("validity")
    note = _text("note")

    objects = CertificateTemplateQuerySet.as_manager()

    panels = [
        HelpPanel(
            content="<p>Isian yang tersedia: "
            + ", ".join(f"<code>{{{name}}}</code>" for name in FIELDS)
            + ". Bagian dalam kurung siku, misalnya <code>[, {program}]</code>, hilang bila isiannya kosong. "
            "Pratinjau di samping adalah hasil cetak yang sebenarnya.</p>"
        ),
        MultiFieldPanel([FieldPanel("name"), FieldPanel("course"), FieldPanel("active")], heading="Pemakaian"),
        MultiFieldPanel([FieldPanel(name) for name in TEXTS], heading="Kata-kata"),
    ]
    preview_modes = [(key, label) for key, (label, _values) in EXAMPLES.items()]

    class Meta:
        ordering = ["name"]
        verbose_name = "templat sertifikat"
        verbose_name_plural = "templat sertifikat"

    def __str__(self) -> str:
        return self.name

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXTS}

    def serve_preview(self, request, mode_name):
        """The real PDF of an invented officer, as a picture."""
        from certificates.rendering.preview import data_address, example_png

        picture = data_address(example_png(texts=self.texts, shape=mode_name or "short"))
        return HttpResponse(
            format_html(
                '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Pratinjau sertifikat</title></head>'
                '<body><img src="{}" width="100%" alt="Pratinjau sertifikat: {}"></body></html>',
                picture,
                dict(self.preview_modes).get(mode_name, ""),
            )
        )
