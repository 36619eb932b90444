"""Who is posted elsewhere leaves the roles of the old place behind, and it is told (decision 0035)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.models import AuditEvent
from organisation.imports.officers import import_officers, plan_officers
from organisation.models import Capacity, Role, RoleGrant
from organisation.permissions import has_role
from organisation.services import cancel_handover, change_posting, hand_over, sync_all_groups
from tests.clock import NOON
from tests.factories.organisation import OfficerFactory, RankFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
DAY = timedelta(days=1)
HEADER = ["NRP/NIP", "Nama", "Pangkat", "Kode Satuan", "TMT"]


@pytest.fixture
def polda():
    return UnitFactory(code="POLDA", name="Polda Uji")


@pytest.fixture
def polres_a(polda):
    return UnitFactory(code="A", name="Polres A", parent=polda)


@pytest.fixture
def polres_b(polda):
    return UnitFactory(code="B", name="Polres B", parent=polda)


@pytest.fixture
def kabag(polres_a):
    """The Kabag SDM of Polres A."""
    return OfficerFactory(number="85010001", name="Budi Santoso", posting__unit=polres_a)


@pytest.fixture
def role(kabag, polres_a):
    return RoleGrantFactory(user=kabag.user, role=Role.SDM, unit=polres_a)


def moves(officer, unit, *, starts=NOON, at=NOON, **fields):
    return change_posting(
        officer=officer, unit=unit, rank=RankFactory(), valid_from=starts, actor=None, at=at, **fields
    )


def ended(grant) -> bool:
    return not RoleGrant.objects.in_force(at=NOON).filter(pk=grant.pk).exists()


def test_the_kabag_sdm_who_moves_to_another_polres_no_longer_works_in_the_old_one(kabag, role, polres_b):
    moves(kabag, polres_b)

    assert not has_role(kabag.user, [Role.SDM], at=NOON)
    event = AuditEvent.objects.get(verb="role.ended")
    assert (event.subject_id, event.detail["reason"]) == (kabag.pk, "mutasi ke Polres B")


@pytest.mark.parametrize("kind", [Role.SDM, Role.HEAD, Role.TRAINER, Role.REVIEWER])
@pytest.mark.parametrize(
    ("over", "to", "stays"),
    [
        ("A", "B", False),
        ("SAT-A", "B", False),  # a part of the old unit
        ("SAT-A", "SEK-A", False),  # from one part of a Polres to another
        ("A", "SEK-A", True),
        ("A", "POLDA", True),  # leads from above
        ("POLDA", "B", True),
        ("B", "B", True),  # given beforehand for the new place
        ("LAIN", "B", True),  # never belonged to the old place
    ],
)
def test_what_belonged_to_the_old_place_and_not_to_the_new_ends(
    kind, over, to, stays, kabag, polda, polres_a, polres_b
):
    units = {
        "POLDA": polda,
        "A": polres_a,
        "B": polres_b,
        "SAT-A": UnitFactory(parent=polres_a),
        "SEK-A": UnitFactory(parent=polres_a),
        "LAIN": UnitFactory(parent=polda),
    }
    if (over, to) == ("SAT-A", "SEK-A"):
        kabag.postings.update(unit=units["SAT-A"])
    grant = RoleGrantFactory(user=kabag.user, role=kind, unit=units[over])

    moves(kabag, units[to])

    assert ended(grant) is not stays


def test_a_trainer_who_moves_leaves_the_groups_of_the_cms(kabag, polres_a, polres_b):
    RoleGrantFactory(user=kabag.user, role=Role.TRAINER, unit=polres_a)
    sync_all_groups(at=NOON)

    moves(kabag, polres_b)

    assert not kabag.user.groups.exists()


def test_a_promotion_in_the_same_unit_ends_no_role(kabag, role, polres_a):
    moves(kabag, polres_a, post="Kabag SDM")

    assert not ended(role)


def test_a_move_of_a_past_day_is_not_dated_back_and_one_of_a_later_day_waits_for_it(kabag, role, polres_b):
    other = OfficerFactory(posting__unit=role.unit)
    later = RoleGrantFactory(user=other.user, role=Role.HEAD, unit=role.unit)

    moves(kabag, polres_b, starts=NOON - 5 * DAY)
    moves(other, polres_b, starts=NOON + 5 * DAY)

    role.refresh_from_db()
    later.refresh_from_db()
    assert (role.valid_to, later.valid_to) == (NOON, NOON + 5 * DAY)
    assert has_role(other.user, [Role.HEAD], at=NOON + 4 * DAY)
    assert not has_role(other.user, [Role.HEAD], at=NOON + 5 * DAY)


def test_a_role_given_for_later_does_not_wake_up_in_the_old_place(kabag, polres_a, polres_b):
    RoleGrantFactory(user=kabag.user, role=Role.HEAD, unit=polres_a, valid_from=NOON + DAY)

    moves(kabag, polres_b)

    assert not has_role(kabag.user, [Role.HEAD], at=NOON + 2 * DAY)


def deputy(role, officer):
    return RoleGrantFactory(
        user=officer.user,
        role=role.role,
        unit=role.unit,
        capacity=Capacity.DAILY,
        order_number="Sprin/5",
        valid_to=NOON + 5 * DAY,
        deputises=role,
    )


def test_whoever_deputised_ends_with_the_mover_also_when_both_move(kabag, role, polres_a, polres_b):
    plh = OfficerFactory(number="85010002", name="Sri", posting__unit=polres_a)
    given = deputy(role, plh)
    rows = [["85010001", "Budi Santoso", "Bripka", "B", ""], ["85010002", "Sri", "Bripka", "B", ""]]

    plan = import_officers([HEADER, *rows], actor=None, at=NOON)

    assert ended(role)
    assert ended(given)
    assert plan.roles[0].does == "Staf SDM di Polres A beserta Plh. Staf SDM (Sri)"


def test_the_last_administrator_stays_one_wherever_posted(kabag, polres_a, polres_b):
    grant = RoleGrantFactory(user=kabag.user, role=Role.ADMINISTRATOR, unit=polres_a)

    moves(kabag, polres_b)

    assert not ended(grant)


@pytest.mark.both_databases
def test_two_administrators_in_one_roster_do_not_leave_their_polres_without_any(kabag, polres_a, polres_b):
    other = OfficerFactory(number="85010002", name="Sri", posting__unit=polres_a)
    grants = [RoleGrantFactory(user=user, role=Role.ADMINISTRATOR, unit=polres_a) for user in (kabag.user, other.user)]
    rows = [["85010001", "Budi Santoso", "Bripka", "B", ""], ["85010002", "Sri", "Bripka", "B", ""]]

    import_officers([HEADER, *rows], actor=None, at=NOON)

    assert not any(ended(grant) for grant in grants)


def test_an_administrator_beside_whom_another_serves_loses_the_role_with_the_move(kabag, polda, polres_a, polres_b):
    grant = RoleGrantFactory(user=kabag.user, role=Role.ADMINISTRATOR, unit=polres_a)
    RoleGrantFactory(role=Role.ADMINISTRATOR, unit=polda)

    moves(kabag, polres_b)

    assert ended(grant)


def test_a_handover_called_off_after_the_move_does_not_wake_the_old_role_up(kabag, role, polres_a, polres_b):
    successor = OfficerFactory(posting__unit=polres_a)
    handover = hand_over(
        grant=role,
        successor=successor.user,
        first=(NOON + DAY).date(),
        order_number="Skep/9",
        with_tasks=False,
        actor=kabag.user,
        at=NOON,
    )
    moves(kabag, polres_b)

    cancel_handover(handover=handover, actor=kabag.user, at=NOON)

    assert not has_role(kabag.user, [Role.SDM], at=NOON + 2 * DAY)


# --- told -------------------------------------------------------------------


@pytest.fixture
def office(client, polda, settings):
    """SDM of the Polda."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    officer = OfficerFactory(posting__unit=polda)
    RoleGrantFactory(user=officer.user, role=Role.SDM, unit=polda)
    return sign_in(client, officer.user)


def test_the_preview_of_a_roster_names_the_roles_that_end_and_the_message_too(office, kabag, role, polres_b):
    text = ";".join(HEADER) + "\r\n85010001;Budi Santoso;Bripka;B;"
    answer = office.post("/sdm/personel/impor/", {"file": SimpleUploadedFile("personel.csv", text.encode())})

    page = office.get(answer.url).content.decode()
    assert "Peran yang berakhir" in page
    assert "Staf SDM di Polres A" in page
    assert has_role(kabag.user, [Role.SDM], at=NOON)

    done = office.post(answer.url, follow=True).content.decode()

    assert "Peran berakhir: Staf SDM di Polres A (Budi Santoso)." in done


def test_a_roster_without_such_moves_speaks_of_no_role(kabag, role, polres_b):
    plan = plan_officers([HEADER, ["85010001", "Budi Santoso", "Bripka", "A", ""]], actor=None, at=NOON)

    assert (plan.roles, "peran_berakhir" in plan.counts) == ([], False)


def test_a_single_move_says_which_role_ended(office, kabag, role, polres_b):
    rank = kabag.postings.get().rank
    data = {"unit": polres_b.pk, "rank": rank.pk, "post": "Kabag SDM", "functions": []}

    page = office.post(f"/sdm/personel/{kabag.uuid}/mutasi/", data, follow=True).content.decode()

    assert "kini di Polres B. Peran berakhir: Staf SDM di Polres A." in page


def test_the_page_of_roles_marks_who_stands_elsewhere(client, kabag, polda, polres_a, polres_b, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    administrator = UserFactory(name="Admin Polda")
    RoleGrantFactory(user=administrator, role=Role.ADMINISTRATOR, unit=polda)
    RoleGrantFactory(user=kabag.user, role=Role.SDM, unit=polres_b)
    RoleGrantFactory(user=OfficerFactory(posting__unit=polda).user, role=Role.HEAD, unit=polres_a)
    RoleGrantFactory(user=OfficerFactory(posting=None).user, role=Role.SDM, unit=polres_a)

    page = sign_in(client, administrator).get("/sdm/peran/").content.decode()

    assert page.count("bertugas di Polres A") == 1
    assert page.count("bertugas di Pol") == 1
    assert page.count("tanpa penempatan") == 1
    assert "2 dipegang oleh personel yang tidak bertugas" in page


def test_a_roster_looks_roles_up_a_few_times_however_many_move(polres_a, polres_b, django_assert_max_num_queries):
    officers = [OfficerFactory(name="Budi", posting__unit=polres_a) for _number in range(30)]
    for officer in officers[:10]:
        RoleGrantFactory(user=officer.user, role=Role.HEAD, unit=polres_a)
    rows = [[officer.number, "Budi", "Bripka", "B", ""] for officer in officers]

    # Units, ranks, functions, officers, postings and theirs, who left, roles with their deputies, who is missing.
    with django_assert_max_num_queries(15):
        plan = plan_officers([HEADER, *rows], actor=None, at=NOON)

    assert len(plan.roles) == 10
