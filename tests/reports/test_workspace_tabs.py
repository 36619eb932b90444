"""The work room's rows of tabs: few groups, each page one step further, nothing that leads to a closed door."""

import pytest

from organisation.models import Role
from tests.factories.organisation import RoleGrantFactory
from tests.reports.scenes import staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")

MOST = 8
# What a role must reach from the tabs, in whatever group it stands.
OF_SDM = """
    /sdm/ /sdm/penyelesaian/ /sdm/penyelesaian/target/ /sdm/penyelesaian/dampak/ /sdm/kesiapan/ /sdm/laporan/
    /sdm/matriks/ /sdm/kedaluwarsa/ /sdm/jp/ /sdm/penagihan/ /sdm/pengingat/ /sdm/penugasan/
    /sdm/pengecualian/ /sdm/pengakuan/ /sdm/quick-wins/ /sdm/quick-wins/laporan/ /sdm/program/
    /sdm/sertifikat/ /sdm/sertifikat/berakhir/ /sdm/sertifikat/dicabut/ /sdm/sertifikat/belum/ /sdm/sertifikat/nomor/
    /sdm/sertifikat/massal/ /sdm/percobaan/
    /sdm/personel/ /sdm/satuan/ /sdm/slip/ /sdm/persetujuan/ /sdm/audit/
""".split()
OF_A_HEAD = """
    /satuan/ /sdm/penyelesaian/ /sdm/penyelesaian/target/ /sdm/penyelesaian/dampak/ /sdm/kesiapan/ /sdm/laporan/
    /sdm/matriks/ /sdm/kedaluwarsa/ /sdm/jp/ /sdm/penagihan/ /sdm/pengingat/
    /sdm/pengecualian/ /sdm/pengakuan/ /sdm/quick-wins/ /sdm/quick-wins/laporan/
    /sdm/sertifikat/ /sdm/sertifikat/berakhir/ /sdm/sertifikat/dicabut/ /sdm/sertifikat/belum/ /sdm/sertifikat/nomor/
    /sdm/sertifikat/massal/ /sdm/percobaan/riwayat/
    /sdm/personel/ /sdm/persetujuan/
""".split()
OF_AN_ADMINISTRATOR = """
    /sdm/jp/target/ /sdm/pengingat/templat/ /sdm/program/ /sdm/personel/ /sdm/satuan/ /sdm/slip/ /sdm/audit/ /sdm/peran/
    /sdm/hasil-lama/
""".split()


def walked(client, start: str) -> tuple[list[str], set[str]]:
    """The words of the first row at ``start``, and every address that both rows reach from it."""
    first = client.get(start).context
    reached = {tab["url"] for tab in first["tabs"]}
    for tab in first["tabs"]:
        page = client.get(tab["url"])
        assert page.status_code == 200, tab
        reached |= {entry["url"] for entry in page.context["second"]}
        assert [one["label"] for one in page.context["tabs"] if one["current"]] == [tab["label"]]
        assert sum(one["current"] for one in page.context["second"]) == bool(page.context["second"])
    return [tab["label"] for tab in first["tabs"]], reached


@pytest.mark.parametrize(
    ("role", "start", "pages"),
    [
        (Role.SDM, "/sdm/", OF_SDM),
        (Role.HEAD, "/satuan/", OF_A_HEAD),
        (Role.ADMINISTRATOR, "/sdm/personel/", OF_AN_ADMINISTRATOR),
    ],
)
def test_each_role_finds_every_page_in_two_steps_and_no_closed_door(client, here, role, start, pages):
    sign_in(client, staff(role, here.unit))

    words, reached = walked(client, start)

    assert reached == set(pages)
    assert len(words) <= MOST
    assert len(set(words)) == len(words)
    for url in reached:
        assert client.get(url).status_code == 200, url


def test_who_is_sdm_and_head_sees_each_word_once(client, here):
    both = staff(Role.SDM, here.unit)
    RoleGrantFactory(role=Role.HEAD, unit=here.unit, user=both)

    words, reached = walked(sign_in(client, both), "/sdm/")

    assert len(words) <= MOST
    assert "/satuan/" not in reached


def test_a_page_below_an_entry_keeps_its_place(as_sdm, here):
    officer = here.officers["Andi"]

    page = as_sdm.get(f"/sdm/personel/{officer.uuid}/pelatihan/")

    assert [tab["label"] for tab in page.context["tabs"] if tab["current"]] == ["Personel"]
    assert [tab["label"] for tab in page.context["second"] if tab["current"]] == ["Personel"]
