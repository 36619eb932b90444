"""SDM prints slips; an officer sets the first password with one."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from organisation.exceptions import ActivationRefused
from organisation.models import ActivationSlip, Role
from organisation.services import activate, issue_slips
from tests.clock import NOON
from tests.factories.organisation import PASSWORD, OfficerFactory, RoleGrantFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer():
    officer = OfficerFactory()
    officer.user.set_unusable_password()
    officer.user.save()
    return officer


def slip_for(officer, at=NOON):
    return issue_slips(users=[officer.user], actor=None, at=at)[0]


def test_a_slip_opens_the_account_and_signs_in(client, newcomer):
    with time_machine.travel(NOON):
        code = slip_for(newcomer).code
        data = {"login": newcomer.number, "code": code, "password1": PASSWORD, "password2": PASSWORD}

        answer = client.post("/aktivasi/", data)

        assert answer.url == "/"
        assert client.get("/akun/").status_code == 200


def test_a_code_is_read_kindly(newcomer):
    slip = ActivationSlip.objects.get
    code = slip_for(newcomer).code
    typed = " ".join(code[i : i + 4] for i in range(0, 12, 4)).lower().replace("1", "l").replace("0", "o")

    activate(login=f" {newcomer.number[:4]} {newcomer.number[4:]}", code=typed, password=PASSWORD, at=NOON)

    assert slip().used_at == NOON


def test_a_slip_works_once(newcomer):
    code = slip_for(newcomer).code
    activate(login=newcomer.number, code=code, password=PASSWORD, at=NOON)

    with pytest.raises(ActivationRefused):
        activate(login=newcomer.number, code=code, password=PASSWORD + "!", at=NOON)


def test_a_slip_ends_after_fourteen_days(newcomer):
    code = slip_for(newcomer).code

    with pytest.raises(ActivationRefused):
        activate(login=newcomer.number, code=code, password=PASSWORD, at=NOON + timedelta(days=14))


def test_a_newer_slip_makes_the_older_worthless(newcomer):
    old = slip_for(newcomer).code
    new = slip_for(newcomer).code

    with pytest.raises(ActivationRefused):
        activate(login=newcomer.number, code=old, password=PASSWORD, at=NOON)
    activate(login=newcomer.number, code=new, password=PASSWORD, at=NOON)


def test_only_a_hash_of_the_code_is_kept(newcomer):
    code = slip_for(newcomer).code

    row = ActivationSlip.objects.get()
    assert code not in row.code_hash
    assert len(row.code_hash) == 64


def test_a_refused_password_does_not_use_up_the_slip(newcomer):
    code = slip_for(newcomer).code

    with pytest.raises(ValidationError):
        activate(login=newcomer.number, code=code, password="polri" + newcomer.number + "!!", at=NOON)

    activate(login=newcomer.number, code=code, password=PASSWORD, at=NOON)


def _refusal(client, **data):
    form = {"login": "", "code": "AAAABBBBCCCC", "password1": PASSWORD, "password2": PASSWORD, **data}
    text = client.post("/aktivasi/", form).content.decode().replace(form["login"], "LOGIN")
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)


def test_unknown_disabled_and_wrong_answer_alike(client, newcomer):
    disabled = OfficerFactory(user__is_active=False)
    slip_for(newcomer)
    code = slip_for(disabled).code

    wrong = _refusal(client, login=newcomer.number)
    unknown = _refusal(client, login="99999999")
    closed = _refusal(client, login=disabled.number, code=code).replace(code, "AAAABBBBCCCC")

    assert wrong == unknown == closed


def test_after_five_wrong_codes_the_account_waits(client, newcomer):
    code = slip_for(newcomer).code
    for _try in range(5):
        _refusal(client, login=newcomer.number)

    answer = _refusal(client, login=newcomer.number, code=code)

    assert "Tunggu 5 menit" in answer
    assert "_auth_user_id" not in client.session


@pytest.fixture
def office(settings, client):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    polres = UnitFactory()
    sdm = OfficerFactory(posting__unit=polres)
    RoleGrantFactory(user=sdm.user, role=Role.SDM, unit=polres)
    sign_in(client, sdm.user)
    return polres


def newcomers(count, unit):
    officers = OfficerFactory.create_batch(count, posting__unit=unit)
    for officer in officers:
        officer.user.set_unusable_password()
        officer.user.save()
    return officers


def test_slips_of_a_unit_stand_eight_to_a_sheet_and_open_accounts(client, office):
    polsek = UnitFactory(parent=office)
    officers = newcomers(10, polsek)

    page = client.post("/sdm/slip/", {"unit": polsek.pk}).content.decode()

    sheets = page.split('<section class="slips">')[1:]
    assert [sheet.count('<article class="slip">') for sheet in sheets] == [8, 2]
    shown = re.findall(r'slip-code">(.*?)</p>', page)
    codes = [re.sub(r"<.*?>", "", text) for text in shown]
    by_number = dict(zip(re.findall(r"NRP (\d{8})", page), codes, strict=True))
    activate(login=officers[3].number, code=by_number[officers[3].number], password=PASSWORD, at=NOON + timedelta(0))


def test_the_slip_page_shows_no_code_when_it_is_opened_again(client, office):
    newcomers(1, office)
    client.post("/sdm/slip/", {"unit": office.pk})

    assert "slip-code" not in client.get("/sdm/slip/").content.decode()


def test_no_slip_for_somebody_outside_the_own_units(client, office):
    stranger = newcomers(1, UnitFactory())[0]

    client.post("/sdm/slip/", {"officer": stranger.uuid})

    assert not ActivationSlip.objects.exists()


def test_sdm_prints_no_slip_for_who_holds_a_role(client, office):
    administrator = newcomers(1, office)[0]
    RoleGrantFactory(user=administrator.user, role=Role.ADMINISTRATOR, unit=office)

    client.post("/sdm/slip/", {"officer": administrator.uuid})

    assert not ActivationSlip.objects.exists()
