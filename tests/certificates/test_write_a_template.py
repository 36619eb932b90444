"""Trainers write the template in the CMS and see the real print beside the form; reviewers publish it."""

import pytest
from django.test import RequestFactory

from certificates.models import CertificateTemplate
from certificates.wording import EXAMPLES
from organisation.models import Role
from organisation.services import sync_groups
from tests.clock import NOON
from tests.factories.certificates import CertificateTemplateFactory, issued, staff
from tests.factories.organisation import UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def cms_user(role):
    user = staff(role, UnitFactory())
    sync_groups(user=user, at=NOON)
    return user


@pytest.mark.parametrize("shape", EXAMPLES)
def test_the_preview_is_the_real_print_as_a_picture(shape):
    template = CertificateTemplateFactory.build()

    answer = template.serve_preview(RequestFactory().get("/"), shape)

    assert b'src="data:image/png;base64,' in answer.content


def test_a_trainer_opens_the_template_and_a_misspelt_field_is_named(client):
    template = CertificateTemplate.objects.get()
    sign_in(client, cms_user(Role.TRAINER))
    address = f"/admin/snippets/certificates/certificatetemplate/edit/{template.pk}/"
    form = {"name": template.name, "active": "on"} | template.texts

    assert client.get(address).status_code == 200
    answer = client.post(address, form | {"detail": "{jpp} JP"})

    assert "{jpp}" in answer.content.decode()
    assert not template.revisions.exists()


def test_a_draft_is_not_printed_until_it_is_published(client):
    template = CertificateTemplate.objects.get()
    sign_in(client, cms_user(Role.TRAINER))
    address = f"/admin/snippets/certificates/certificatetemplate/edit/{template.pk}/"
    client.post(address, {"name": template.name, "active": "on"} | template.texts | {"title": "PIAGAM"})

    assert template.revisions.count() == 1
    assert issued().wording["title"] == "SERTIFIKAT"

    template.revisions.get().publish()
    certificate = issued()
    assert certificate.wording["title"] == "PIAGAM"
    assert certificate.template_version.number == 2


def test_sdm_has_no_business_in_the_template(client):
    sign_in(client, staff(Role.SDM, UnitFactory()))

    assert client.get("/admin/snippets/certificates/certificatetemplate/").status_code in (302, 403)
