"""Which template prints: the nearest unit's, the course's before the general one, and only what another approved."""

import pytest
from django.test import RequestFactory
from wagtail.models import TaskState

from certificates.models import CertificateTemplate, CertificateTemplateVersion
from certificates.wording import DEFAULT_TEXTS, ENGLISH_TEXTS
from foundation.models import AuditEvent
from organisation.models import Role, UnitLevel
from organisation.services import sync_groups
from tests.clock import NOON
from tests.factories.certificates import CertificateTemplateFactory, issued, picture, staff
from tests.factories.courses import published_course
from tests.factories.organisation import UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
LIST = "/admin/snippets/certificates/certificatetemplate/"


def cms_user(role):
    user = staff(role, UnitFactory())
    sync_groups(user=user, at=NOON)
    return user


def titled(title, **where) -> CertificateTemplate:
    return CertificateTemplateFactory(title=title, **where)


def fields(template, **values) -> dict:
    form = {"name": template.name, "active": "on", "language": "id", "frame": "woven", "with_back": "on"}
    return form | template.texts | values


def test_the_nearest_unit_wins_and_within_it_the_course():
    polda = UnitFactory(level=UnitLevel.PROVINCE)
    polres = UnitFactory(parent=polda, level=UnitLevel.RESORT)
    polsek = UnitFactory(parent=polres, level=UnitLevel.SECTOR)
    course, other = published_course(), published_course()
    titled("UMUM PELATIHAN", course=course)
    titled("POLDA PELATIHAN", unit=polda, course=course)
    titled("POLRES", unit=polres)

    def title(unit, of):
        return CertificateTemplateVersion.for_issue(unit=unit, course=of).texts["title"]

    # The Polres has said how its certificates look; what the Polda says of one course comes after that.
    assert title(polsek, course) == "POLRES"
    assert title(polda, course) == "POLDA PELATIHAN"
    assert title(UnitFactory(), course) == "UMUM PELATIHAN"
    assert title(polda, other) == "SERTIFIKAT"

    titled("POLRES PELATIHAN", unit=polres, course=course)
    assert title(polsek, course) == "POLRES PELATIHAN"
    assert title(polsek, other) == "POLRES"


def test_a_template_that_is_switched_off_or_only_a_draft_prints_nothing():
    unit = UnitFactory()
    titled("MATI", unit=unit, active=False)
    titled("DRAF", unit=unit, live=False)

    assert issued(unit=unit).wording["title"] == "SERTIFIKAT"


def test_a_trainer_writes_and_another_approves(client):
    trainer, reviewer = cms_user(Role.TRAINER), cms_user(Role.REVIEWER)
    template = CertificateTemplate.objects.get()
    sign_in(client, trainer)
    client.post(f"{LIST}edit/{template.pk}/", fields(template, title="PIAGAM", **{"action-submit": "1"}))
    assert issued().wording["title"] == "SERTIFIKAT"

    sign_in(client, reviewer)
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    answer = client.post(f"{LIST}workflow/action/{template.pk}/approve/{state.pk}/", {"comment": ""})

    assert answer.status_code in (200, 302)
    certificate = issued()
    version = certificate.template_version
    assert certificate.wording["title"] == "PIAGAM"
    assert (version.number, version.written_by, version.approved_by) == (2, trainer, reviewer)
    assert AuditEvent.objects.filter(verb="certificate_template.approved").count() == 1


@pytest.mark.both_databases
def test_nobody_approves_what_they_wrote_themselves(client):
    reviewer = cms_user(Role.REVIEWER)
    template = CertificateTemplate.objects.get()
    sign_in(client, reviewer)
    client.post(f"{LIST}edit/{template.pk}/", fields(template, title="PIAGAM", **{"action-submit": "1"}))
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)

    client.post(f"{LIST}workflow/action/{template.pk}/approve/{state.pk}/", {"comment": ""})

    assert issued().wording["title"] == "SERTIFIKAT"
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS


@pytest.mark.both_databases
def test_a_reviewer_who_changes_it_while_approving_has_become_an_author(client):
    template = CertificateTemplate.objects.get()
    sign_in(client, cms_user(Role.TRAINER))
    client.post(f"{LIST}edit/{template.pk}/", fields(template, title="PIAGAM", **{"action-submit": "1"}))
    sign_in(client, cms_user(Role.REVIEWER))
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}

    answer = client.post(f"{LIST}edit/{template.pk}/", fields(template, title="IJAZAH", **approve), follow=True)
    assert "orang lain yang harus menyetujui" in answer.content.decode()
    assert issued().wording["title"] == "SERTIFIKAT"

    client.post(f"{LIST}edit/{template.pk}/", fields(template, title="PIAGAM", **approve))
    assert issued().wording["title"] == "PIAGAM"


@pytest.mark.parametrize("role", [Role.TRAINER, Role.REVIEWER])
def test_nobody_publishes_around_the_approval(client, role):
    template = CertificateTemplate.objects.get()
    sign_in(client, cms_user(role))

    client.post(f"{LIST}edit/{template.pk}/", fields(template, title="PIAGAM", **{"action-publish": "1"}))

    assert issued().wording["title"] == "SERTIFIKAT"


def test_publishing_the_same_again_makes_no_second_version():
    template = CertificateTemplate.objects.get()

    template.save_revision().publish(skip_permission_checks=True)

    assert template.versions.count() == 1


def test_what_was_approved_never_changes():
    version = CertificateTemplateVersion.objects.get()
    version.texts = {}

    with pytest.raises(Exception, match="written once"):
        version.save()


def test_a_certificate_keeps_the_version_it_was_printed_from():
    before = issued()
    template = CertificateTemplate.objects.get()
    template.title = "PIAGAM"
    template.save_revision().publish(skip_permission_checks=True)

    after = issued()
    before.refresh_from_db()

    assert (before.template_version.number, after.template_version.number) == (1, 2)
    assert before.wording["title"] == "SERTIFIKAT"


def test_words_that_nobody_changed_follow_the_language():
    template = CertificateTemplateFactory.build(name="Inggris", language="en", intro="presented to")

    template.full_clean()

    assert template.texts == ENGLISH_TEXTS | {"intro": "presented to"}
    template.language = "id"
    template.full_clean()
    assert template.texts == DEFAULT_TEXTS | {"intro": "presented to"}


def test_a_picture_is_written_anew_and_what_is_none_is_named(client):
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    template = CertificateTemplate.objects.get()
    sign_in(client, cms_user(Role.TRAINER))
    address = f"{LIST}edit/{template.pk}/"

    refused = client.post(address, fields(template, logo=File("a.png", b"<svg/>")))
    assert "harus gambar PNG" in refused.content.decode()
    client.post(address, fields(template, logo=File("a.png", picture()), background=File("b.jpg", picture("JPEG"))))

    template.refresh_from_db()
    draft = template.get_latest_revision_as_object()
    assert draft.logo.name.startswith("crests/")
    assert draft.background.name.endswith(".jpg")
    answer = draft.serve_preview(RequestFactory().get("/"), "short")
    assert answer.content.count(b"data:image/png;base64,") == 2
    client.post(address, fields(draft, without_background="on"))
    template.refresh_from_db()
    dropped = template.get_latest_revision_as_object()
    assert dropped.logo.name == draft.logo.name
    assert not dropped.background
