"""What is printed around the facts of a certificate: drafts in the CMS, and the approved versions that print."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Length
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import (
    AbstractGroupApprovalTask,
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from certificates.exceptions import UnknownField
from certificates.fields import check_fields
from certificates.template_forms import TemplateForm
from certificates.wording import EXAMPLES, FIELDS, TEXTS, Language, in_language
from courses.models import Course
from foundation.prepared import PreparedRows, Slot
from organisation.models import Unit, UnitLevel, User

from .letterhead import UnitLetterhead, check_printable, private_storage

LAYOUT = ("language", "frame", "logo", "background", "with_back")


def check_text(text: str) -> None:
    check_printable(text)
    try:
        check_fields(text, FIELDS)
    except UnknownField as error:
        raise ValidationError(str(error))


def _text(name: str) -> models.CharField:
    label, default, hint = TEXTS[name]
    return models.CharField(
        label, max_length=300, default=default, blank=not default, help_text=hint, validators=[check_text]
    )


class Frame(models.TextChoices):
    """The drawing around the words; the first is the platform's own."""

    WOVEN = "woven", "Anyaman dan segel"
    LINES = "lines", "Garis tepi saja"
    NONE = "none", "Tanpa bingkai (kertas bercetak atau latar sendiri)"


class CertificateTemplate(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """What an author works on. What is approved becomes a version, and only versions are printed from."""

    name = models.CharField("nama templat", max_length=80)
    unit = models.ForeignKey(
        Unit,
        verbose_name="hanya untuk satuan",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificate_templates",
        limit_choices_to={"level__lte": UnitLevel.RESORT},
        help_text="Mabes, Polda, atau Polres. Berlaku bagi satuan ini dan jajarannya. Yang terdekat dengan satuan "
        "personel yang dipakai. Kosong berarti semua satuan.",
    )
    course = models.ForeignKey(
        Course,
        verbose_name="hanya untuk pelatihan",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificate_templates",
        help_text="Kosong berarti semua pelatihan yang tidak punya templat sendiri di satuan itu.",
    )
    active = models.BooleanField(
        "dipakai", default=True, help_text="Tanpa tanda, templat lain yang berlaku dipakai untuk sertifikat berikutnya."
    )
    language = models.CharField(
        "bahasa",
        max_length=2,
        choices=Language,
        default=Language.INDONESIAN,
        help_text="Kata-kata bawaan yang belum Anda ubah ikut berganti bahasa.",
    )
    frame = models.CharField("bingkai", max_length=5, choices=Frame, default=Frame.WOVEN)
    logo = models.FileField("logo", storage=private_storage, upload_to="crests/", blank=True)
    background = models.FileField("latar", storage=private_storage, upload_to="crests/", blank=True)
    with_back = models.BooleanField(
        "halaman belakang dengan daftar materi", default=True, help_text="Materi, JP, dan nilai pada hari terbit."
    )
    title = _text("title")
    intro = _text("intro")
    holder = _text("holder")
    passed = _text("passed")
    completed = _text("completed")
    detail = _text("detail")
    validity = _text("validity")
    note = _text("note")
    back_title = _text("back_title")
    back_note = _text("back_note")

    base_form_class = TemplateForm

    panels = [
        HelpPanel(
            content="<p>Isian yang tersedia: "
            + ", ".join(f"<code>{{{name}}}</code>" for name in FIELDS)
            + ". Bagian dalam kurung siku, misalnya <code>[, {program}]</code>, hilang bila isiannya kosong. "
            "Kop, lambang, dan penanda tangan berasal dari satuan dan diisi Bag SDM. Pratinjau di samping adalah hasil "
            "cetak yang sebenarnya.</p>"
        ),
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("unit"), FieldPanel("course"), FieldPanel("active")],
            heading="Pemakaian",
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("language", "frame", "logo", "without_logo", "background", "without_background")
            ],
            heading="Tampilan",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in TEXTS if not name.startswith("back_")], heading="Kata-kata halaman depan"
        ),
        MultiFieldPanel(
            [FieldPanel("with_back"), FieldPanel("back_title"), FieldPanel("back_note")], heading="Halaman belakang"
        ),
    ]
    preview_modes = [(key, label) for key, (label, _values) in EXAMPLES.items()]

    class Meta:
        ordering = ["name"]
        verbose_name = "templat sertifikat"
        verbose_name_plural = "templat sertifikat"

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """What goes live is compiled in the same transaction, whichever way it is published."""
        super().save(**kwargs)
        if self.live and kwargs.get("update_fields") is None:
            from certificates.services.templates import compile_template

            compile_template(self, at=self.last_published_at or timezone.now())

    @admin.display(description="Versi yang berlaku")
    def version_label(self) -> str:
        newest = self.versions.select_related("approved_by").order_by("-number").first()
        if newest is None:
            return "belum ada"
        by = f", disetujui {newest.approved_by.name}" if newest.approved_by else ""
        return f"{newest.number}{by}"

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXTS}

    def printed(self) -> dict[str, Any]:
        """All that a version keeps, as plain values."""
        layout = {name: getattr(self, name) for name in LAYOUT}
        layout |= {name: layout[name].name or "" for name in ("logo", "background")}
        return {**layout, "texts": self.texts}

    def clean(self) -> None:
        super().clean()
        for name, text in in_language(self.texts, self.language).items():
            setattr(self, name, text)

    def serve_preview(self, request, mode_name):
        """The real print of an invented officer, every page of it, as pictures; with the head of the unit, if any."""
        from certificates.rendering.preview import data_address, example_pages

        shape = mode_name or "short"
        version = CertificateTemplateVersion(**self.printed())
        letterhead = UnitLetterhead.nearest_to(self.unit, at=timezone.now()) if self.unit else None
        pages = [data_address(page) for page in example_pages(version=version, shape=shape, letterhead=letterhead)]
        context = {"pages": pages, "label": dict(self.preview_modes).get(shape, "")}
        return HttpResponse(render_to_string("certificates/template_preview.html", context))


class CertificateTemplateVersion(models.Model):
    """What was approved; never changes. A certificate names the version that it was printed from."""

    template = models.ForeignKey(CertificateTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("versi")
    sha256 = models.CharField(max_length=64)
    language = models.CharField("bahasa", max_length=2, choices=Language, default=Language.INDONESIAN)
    frame = models.CharField("bingkai", max_length=5, choices=Frame, default=Frame.WOVEN)
    logo = models.CharField("logo", max_length=255, blank=True)
    background = models.CharField("latar", max_length=255, blank=True)
    with_back = models.BooleanField("halaman belakang", default=True)
    texts = models.JSONField("kata-kata")
    written_by = models.ForeignKey(
        User, verbose_name="ditulis", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        User, verbose_name="disetujui", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("disetujui pada")

    class Meta:
        ordering = ["template", "-number"]
        verbose_name = "versi templat sertifikat"
        verbose_name_plural = "versi templat sertifikat"
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="certificate_template_version_once"),
            models.CheckConstraint(
                condition=Q(written_by=None) | Q(approved_by=None) | ~Q(approved_by=F("written_by")),
                name="certificate_template_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} versi {self.number}"

    @property
    def is_woven(self) -> bool:
        """Whether frame and seal are drawn: a background of one's own would cover them."""
        return self.frame == Frame.WOVEN and not self.background

    @staticmethod
    def for_issue(*, unit: Unit | None, course: Course | None) -> "CertificateTemplateVersion | None":
        """The approved version that prints a certificate of ``course`` earned in ``unit``.

        The nearest unit wins: that of the certificate itself, then each unit above it, then templates of no unit.
        Within one unit a template of the course comes before one of all courses, and of several such the newest
        approved. A draft never counts, nor a template that is switched off.
        """
        path = (unit.path if unit else "") or ""
        return IN_FORCE.first(path=path, course=course.pk if course else None)


IN_FORCE = PreparedRows(
    lambda: (
        CertificateTemplateVersion.objects.alias(path=Slot("path", models.CharField()))
        .filter(
            Q(template__unit=None) | Q(path__startswith=F("template__unit__path")),
            Q(template__course=None) | Q(template__course=Slot("course", models.BigIntegerField())),
            template__live=True,
            template__active=True,
        )
        .order_by(
            Length("template__unit__path").desc(nulls_last=True),
            F("template__course").desc(nulls_last=True),
            F("template__last_published_at").desc(nulls_last=True),
            "-template_id",
            "-number",
        )[:1]
    )
)


class TemplateApproval(AbstractGroupApprovalTask):
    """The step of the CMS's workflow in which somebody else than the authors approves a template."""

    class Meta:
        verbose_name = "persetujuan templat sertifikat"
        verbose_name_plural = "persetujuan templat sertifikat"

    def get_actions(self, obj, user):
        from certificates.services.templates import authors

        actions = super().get_actions(obj, user)
        if user.pk in authors(obj):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state, user, action_name, **kwargs):
        from certificates.services.templates import authors

        # Asked again: editing while approving makes an author of the approver.
        if action_name == "approve" and user.pk in authors(task_state.workflow_state.content_object):
            raise PermissionDenied
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls):
        return "Disetujui oleh pemeriksa yang tidak ikut menulisnya."
