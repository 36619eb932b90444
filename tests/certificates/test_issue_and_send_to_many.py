"""A cohort gets the certificates that are missing, and its officers get theirs by e-mail, once each."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.storage import storages
from django.http import QueryDict

from certificates import invariants, services
from certificates.exceptions import WorkRefused
from certificates.models import Certificate, CertificateWork, Mailing, WorkKind
from certificates.services import working
from enrolments.models import CourseCompletion, Delivery, Message, Way
from foundation.models import AuditEvent, OutboxEntry
from foundation.outbox import deliver
from organisation.models import Role, RoleGrant, UnitLevel
from tests.certificates.test_grant_by_hand import missed
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, revoked, staff
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.factories.recognitions import recognised
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def polres():
    polres = UnitFactory(level=UnitLevel.RESORT)
    UnitLetterheadFactory(unit=polres)
    return polres


@pytest.fixture
def unit(polres):
    return UnitFactory(level=UnitLevel.SECTOR, parent=polres)


@pytest.fixture
def sdm(polres):
    return staff(Role.SDM, polres)


def asked(kind, actor, at=LATER, **filters) -> CertificateWork:
    query = QueryDict(mutable=True)
    query.update(filters)
    return services.ask_work(kind=kind, data=query, actor=actor, at=at)


def done(work) -> CertificateWork:
    while services.continue_work(work=work, at=LATER):
        pass
    work.refresh_from_db()
    return work


def people(unit, count=3, **more):
    return [OfficerFactory(posting__unit=unit, **more) for _ in range(count)]


# --- issue --------------------------------------------------------------------


def test_what_is_missing_in_a_unit_is_issued_with_numbers_in_a_row(unit, sdm):
    rows = [missed(officer) for officer in people(unit)]

    work = done(asked(WorkKind.ISSUE, sdm))

    assert (work.total, work.changed) == (3, 3)
    assert sorted(Certificate.objects.values_list("sequence", flat=True)) == [1, 2, 3]
    assert {row.completion_id for row in Certificate.objects.all()} == {row.pk for row in rows}
    assert Message.objects.filter(title__startswith="Sertifikat terbit").count() == 3
    assert not any(invariants.problems(at=LATER).values())


def test_a_cohort_is_a_unit_a_course_or_an_order(unit, sdm):
    course = published_course(lessons=1)
    officer, other = people(unit, 2)
    assigned(course, unit, order_number="Sprin/8/XI/2026", actor=sdm)
    wanted, beside = missed(officer, course), missed(other)

    done(asked(WorkKind.ISSUE, sdm, perintah="sprin/8/xi/2026"))
    assert [row.completion for row in Certificate.objects.all()] == [wanted]
    done(asked(WorkKind.ISSUE, sdm, pelatihan=str(beside.course_id), satuan=str(unit.pk)))
    assert Certificate.objects.count() == 2


def test_issuing_twice_or_by_two_workers_brings_one_certificate_each(unit, sdm):
    for officer in people(unit):
        missed(officer)
    work = asked(WorkKind.ISSUE, sdm)
    CertificateWork.objects.filter(pk=work.pk).update(cursor=0, handled=0, changed=0, finished_at=None)

    done(work)
    with pytest.raises(WorkRefused, match="Tidak ada"):
        asked(WorkKind.ISSUE, sdm)

    assert Certificate.objects.count() == 3


def test_nobody_issues_for_oneself_not_even_in_a_cohort(unit, sdm, polres):
    own = missed(sdm.officer)
    other = missed(people(unit, 1)[0])

    done(asked(WorkKind.ISSUE, sdm))

    assert [row.completion for row in Certificate.objects.all()] == [other]
    with pytest.raises(WorkRefused, match="orang lain"):
        asked(WorkKind.ISSUE, sdm)
    done(asked(WorkKind.ISSUE, staff(Role.SDM, polres)))
    assert Certificate.objects.filter(completion=own).exists()


def test_recognised_training_and_revoked_certificates_are_never_issued_in_bulk(unit, sdm):
    recognised(people(unit, 1)[0], published_course())
    revoked(issued(people(unit, 1)[0]))

    with pytest.raises(WorkRefused, match="Tidak ada"):
        asked(WorkKind.ISSUE, sdm)


def test_other_units_heads_and_who_lost_the_role_issue_nothing(unit, polres, sdm):
    missed(people(unit, 1)[0])
    with pytest.raises(WorkRefused, match="Tidak ada"):
        asked(WorkKind.ISSUE, staff(Role.SDM, UnitFactory()))
    with pytest.raises(WorkRefused, match="kewenangan"):
        asked(WorkKind.ISSUE, staff(Role.HEAD, polres))
    work = CertificateWork.objects.create(
        kind=WorkKind.ISSUE, asked_by=sdm, total=1, last=10**6, created_at=NOON, moved_at=NOON
    )
    RoleGrant.objects.filter(user=sdm).update(valid_to=NOON)

    done(work)

    assert not Certificate.objects.exists()
    assert "Wewenang" in work.why


def test_a_killed_worker_is_followed_by_another_and_nobody_is_issued_twice(unit, sdm, monkeypatch):
    for officer in people(unit, 5):
        missed(officer)
    monkeypatch.setitem(working.CHUNKS, WorkKind.ISSUE, 2)
    real, count = working.issue_certificate, []

    def killed(**given):
        count.append(1)
        if len(count) == 4:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(working, "issue_certificate", killed)
    work = asked(WorkKind.ISSUE, sdm)
    with pytest.raises(KeyboardInterrupt):
        done(work)
    # The half chunk went back with its transaction.
    assert Certificate.objects.count() == 2
    done(work)

    assert Certificate.objects.count() == 5
    assert not invariants.each_number_is_used_once()


def test_one_that_cannot_be_issued_does_not_hold_up_the_others(unit, sdm, monkeypatch):
    from certificates.exceptions import CertificateError

    bad = missed(people(unit, 1)[0])
    missed(people(unit, 1)[0])
    real = working.issue_certificate

    def refusing(*, completion, at):
        if completion == bad:
            raise CertificateError("Deret nomornya sudah ditutup.")
        return real(completion=completion, at=at)

    monkeypatch.setattr(working, "issue_certificate", refusing)

    work = done(asked(WorkKind.ISSUE, sdm))

    assert (work.handled, work.changed, work.why) == (2, 1, "Deret nomornya sudah ditutup.")
    assert Certificate.objects.count() == 1


@pytest.mark.both_databases
def test_by_the_page_with_a_progress_bar(client, unit, sdm):
    missed(people(unit, 1)[0])
    sign_in(client, sdm)
    assert "Terbitkan 1 sertifikat" in client.get("/sdm/sertifikat/belum/").content.decode()

    page = client.post("/sdm/sertifikat/belum/terbitkan/", follow=True)
    assert "Menerbitkan: 0%" in page.content.decode()
    assert page.headers["Refresh"] == "3"
    done(CertificateWork.objects.get())

    assert "Menerbitkan: 100%" in client.get(page.redirect_chain[-1][0]).content.decode()
    assert Certificate.objects.count() == 1
    assert AuditEvent.objects.filter(verb="certificate.work_finished", actor_id=sdm.pk).exists()


def test_asking_twice_returns_the_work_that_is_on_its_way(unit, sdm, monkeypatch):
    missed(people(unit, 1)[0])
    monkeypatch.setattr("foundation.outbox.deliver", type("Later", (), {"enqueue": lambda pk: None}))

    assert asked(WorkKind.ISSUE, sdm) == asked(WorkKind.ISSUE, sdm)


# --- send ---------------------------------------------------------------------


def holder(unit, email="andi@contoh.go.id", **more) -> Certificate:
    officer = OfficerFactory(posting__unit=unit, **more)
    officer.user.email = email
    officer.user.save()
    return issued(officer, rendered=True)


def mailed(at=NOON):
    with time_machine.travel(at, tick=False):
        for entry in OutboxEntry.objects.filter(kind="enrolments.messages", done_at=None):
            deliver.call(entry.pk)


def test_who_has_an_address_gets_the_very_bytes_on_record_once(unit, sdm):
    certificate = holder(unit, name="Andi")
    holder(unit, email="")

    work = done(asked(WorkKind.SEND, sdm))
    mailed()

    assert work.changed == 1
    [letter] = mail.outbox
    [(name, content, kind)] = letter.attachments
    assert (letter.to, kind) == (["andi@contoh.go.id"], "application/pdf")
    assert hashlib.sha256(content).hexdigest() == certificate.file.sha256
    assert certificate.number in letter.body
    assert certificate.shown_id in letter.body
    assert str(certificate.grade) not in letter.body
    assert name.startswith(certificate.holder_number)
    with pytest.raises(WorkRefused, match="sudah dikirimi"):
        asked(WorkKind.SEND, sdm)
    assert Mailing.objects.get().file == certificate.file


def test_the_proof_stands_in_the_life_of_the_certificate(client, unit, sdm):
    certificate = holder(unit)
    done(asked(WorkKind.SEND, sdm))
    mailed()
    sign_in(client, sdm)

    page = client.get(f"/sdm/sertifikat/{certificate.shown_id}/").content.decode()

    assert "Diminta dikirim lewat e-mail" in page
    assert "E-mail: terkirim" in page
    states = Delivery.objects.filter(way=Way.MAIL).order_by("number").values_list("state", flat=True)
    assert list(states) == ["queued", "sending", "delivered"]
    assert AuditEvent.objects.get(verb="certificate.mailed").detail["sha256"] == certificate.file.sha256


@pytest.mark.both_databases
def test_nothing_goes_out_when_the_stored_bytes_are_not_those_recorded(unit, sdm):
    certificate = holder(unit)
    storage = storages["private"]
    done(asked(WorkKind.SEND, sdm))
    path = storage.path(certificate.file.storage_name)
    with open(path, "ab") as file:
        file.write(b"tampered")

    mailed()

    assert not mail.outbox
    assert Delivery.objects.filter(way=Way.MAIL).latest("number").state == "failed"


def test_revoked_and_foreign_certificates_are_not_sent(unit, sdm):
    revoked(holder(unit))
    holder(UnitFactory())

    with pytest.raises(WorkRefused, match="Tidak ada"):
        asked(WorkKind.SEND, sdm)


def test_heads_do_not_send(unit, polres):
    holder(unit)

    with pytest.raises(WorkRefused, match="kewenangan"):
        asked(WorkKind.SEND, staff(Role.HEAD, polres))


def test_the_number_of_queries_does_not_grow_with_the_cohort(unit, sdm, django_assert_max_num_queries):
    for number in range(6):
        holder(unit, email=f"satu{number}@contoh.go.id")
    work = CertificateWork.objects.create(
        kind=WorkKind.SEND, asked_by=sdm, total=6, last=10**6, created_at=NOON, moved_at=NOON
    )

    # Role and rows; the claim; files; mailings, messages, notices, deliveries, outbox, audit: each once.
    with django_assert_max_num_queries(30):
        services.continue_work(work=work, at=LATER)

    assert Mailing.objects.count() == 6


def test_no_ledger_row_no_certificate(unit, sdm):
    """Nothing that is posted names a person or a number: only completions on record are issued."""
    OfficerFactory(posting__unit=unit)

    with pytest.raises(WorkRefused):
        asked(WorkKind.ISSUE, sdm, cari="85010001", nomor="1", officer="1")

    assert not CourseCompletion.objects.exists()
