"""A report kept under a name: the filter is kept, never the figures, and the scope is that of who opens it."""

import pytest

from foundation.models import AuditEvent
from organisation.models import Role, RoleGrant
from organisation.personal_data import everything_about
from reports.asking import PAGES
from reports.models import SavedReport
from tests.clock import NOON
from tests.factories.organisation import RoleGrantFactory
from tests.reports.scenes import staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")


def save(client, name="Etika di Polsek", page="completion", query="pelatihan=C1&satuan=", **more):
    return client.post("/sdm/laporan/simpan/", {"page": page, "query": query, "name": name, **more}, follow=True)


def test_a_page_is_saved_with_its_filter_and_opened_again(as_sdm, here):
    url = f"/sdm/penyelesaian/?satuan={here.polsek.code}&pelatihan=C1"
    content = as_sdm.get(url).content.decode()
    assert "Simpan laporan ini" in content

    answer = save(as_sdm, query=url.split("?")[1] + "&page=3&utm=x", back=url)

    assert answer.redirect_chain[-1][0] == url
    report = SavedReport.objects.get()
    assert report.query == f"satuan={here.polsek.code}&pelatihan=C1"
    opened = as_sdm.get(f"/sdm/laporan/{report.uuid}/", follow=True)
    assert opened.context["wanted"].unit == here.polsek
    assert "Etika di Polsek" in as_sdm.get("/sdm/laporan/").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_can_be_saved_opens(as_sdm, here, page):
    save(as_sdm, name=page, page=page, query="")

    assert as_sdm.get(f"/sdm/laporan/{SavedReport.objects.get().uuid}/", follow=True).status_code == 200


def test_a_page_that_is_no_report_is_not_saved(as_sdm, here):
    assert "tidak dapat disimpan" in save(as_sdm, page="sign-out").content.decode()
    assert not SavedReport.objects.exists()


def test_the_way_back_never_leaves_the_platform(as_sdm, here):
    answer = as_sdm.post("/sdm/laporan/simpan/", {"page": "completion", "name": "X", "back": "https://tempat.lain/"})

    assert answer.headers["Location"] == "/sdm/laporan/"


def test_an_address_of_any_length_breaks_nothing(as_sdm, here):
    assert save(as_sdm, query="&".join(f"x{place}=1" for place in range(900))).status_code == 200
    assert "terlalu panjang" in save(as_sdm, name="Panjang", query=f"langsung={'1' * 2000}").content.decode()
    assert SavedReport.objects.get().query == ""


def test_a_name_is_used_once(as_sdm, here):
    save(as_sdm)

    assert "sudah punya laporan dengan nama itu" in save(as_sdm, query="").content.decode()
    assert SavedReport.objects.count() == 1


def test_renamed_shared_and_deleted_by_its_owner_alone(client, as_sdm, here):
    save(as_sdm)
    report = SavedReport.objects.get()

    as_sdm.post(f"/sdm/laporan/{report.uuid}/ubah/", {"name": "Etika", "shared_with": here.unit.code})

    report.refresh_from_db()
    assert (report.name, report.shared_with) == ("Etika", here.unit)
    colleague = sign_in(client, staff(Role.SDM, here.unit))
    assert "Etika" in colleague.get("/sdm/laporan/").content.decode()
    for act in ("ubah/", "hapus/", "kirim/", "berhenti/"):
        assert colleague.post(f"/sdm/laporan/{report.uuid}/{act}", {"name": "X"}).status_code == 404
    owner = sign_in(client, here.sdm)
    owner.post(f"/sdm/laporan/{report.uuid}/hapus/")
    assert not SavedReport.objects.exists()
    verbs = AuditEvent.objects.filter(object_type="reports.savedreport").values_list("verb", flat=True)
    assert sorted(verbs) == ["report.changed", "report.deleted", "report.saved"]


def test_only_the_sdm_of_the_unit_it_was_shared_with_find_it(client, as_sdm, here):
    save(as_sdm)
    report = SavedReport.objects.get()
    as_sdm.post(f"/sdm/laporan/{report.uuid}/ubah/", {"name": "Etika", "shared_with": here.unit.code})

    for role, unit, status in (
        (Role.SDM, here.unit, 302),
        (Role.HEAD, here.unit, 404),
        (Role.SDM, here.polsek, 404),
    ):
        assert sign_in(client, staff(role, unit)).get(f"/sdm/laporan/{report.uuid}/").status_code == status


def test_a_report_is_shared_with_no_unit_but_ones_own(as_sdm, here):
    save(as_sdm)
    report = SavedReport.objects.get()

    page = as_sdm.post(f"/sdm/laporan/{report.uuid}/ubah/", {"name": "Etika", "shared_with": here.polsek.code})

    assert page.status_code == 200
    report.refresh_from_db()
    assert report.shared_with is None


def test_whoever_opens_a_shared_report_sees_the_own_scope(client, as_sdm, here):
    save(as_sdm, query="", name="Semua")
    save(as_sdm, query=f"satuan={here.polsek.code}", name="Polsek")
    SavedReport.objects.update(shared_with=here.unit)
    colleague = staff(Role.SDM, here.unit)
    RoleGrantFactory(user=colleague, role=Role.SDM, unit=here.satlantas)
    sign_in(client, colleague)
    whole, polsek = (SavedReport.objects.get(name=name) for name in ("Semua", "Polsek"))
    assert client.get(f"/sdm/laporan/{whole.uuid}/", follow=True).context["figures"].total == 6

    # What was shared with the Polres stays visible to its SDM only; a unit that is not theirs does not exist.
    RoleGrant.objects.filter(user=colleague, unit=here.unit).update(valid_to=NOON)

    assert client.get(f"/sdm/laporan/{whole.uuid}/").status_code == 404
    SavedReport.objects.update(shared_with=here.satlantas)
    assert client.get(f"/sdm/laporan/{whole.uuid}/", follow=True).context["figures"].total == 3
    assert client.get(f"/sdm/laporan/{polsek.uuid}/", follow=True).status_code == 404


def test_the_owner_finds_it_among_all_that_is_held_about_them(as_sdm, here):
    save(as_sdm)

    held = everything_about(here.sdm.officer, at=NOON)

    assert held["Laporan tersimpan"][0]["nama"] == "Etika di Polsek"
    assert held["Berkas laporan yang diminta"] == []
