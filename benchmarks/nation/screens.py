"""The screens that are measured, for whom: every list and report under /sdm/, and /satuan/."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from enrolments.models import Assignment
from organisation.models import Officer, Role, RoleGrant, Unit, User
from programmes.models import Period

LEVELS = {1: "Mabes", 2: "Polda", 3: "Polres"}
PLAIN = (
    "/sdm/",
    "/sdm/penagihan/",
    "/sdm/penagihan/?kelompok=satuan",
    "/sdm/penyelesaian/",
    "/sdm/penyelesaian/?loket=sim",
    "/sdm/penyelesaian/nama/",
    "/sdm/penyelesaian/nama/?keadaan=lewat",
    "/sdm/penyelesaian/target/",
    "/sdm/penyelesaian/target/?rentang=bulan",
    "/sdm/penyelesaian/dampak/",
    "/sdm/matriks/",
    "/sdm/kesiapan/",
    "/sdm/kesiapan/?loket=sim",
    "/sdm/kedaluwarsa/",
    "/sdm/jp/",
    "/sdm/penugasan/",
    "/sdm/penugasan/perubahan/",
    "/sdm/pengecualian/",
    "/sdm/pengakuan/",
    "/sdm/personel/",
    "/sdm/personel/?q=Nugroho",
    "/sdm/satuan/",
    "/sdm/sertifikat/",
    "/sdm/sertifikat/berakhir/",
    "/sdm/sertifikat/dicabut/",
    "/sdm/sertifikat/belum/",
    "/sdm/sertifikat/massal/",
    "/sdm/percobaan/",
    "/sdm/percobaan/riwayat/",
    "/sdm/percobaan/terlambat/",
    "/sdm/percobaan/akomodasi/",
    "/sdm/percobaan/ulang/",
    "/sdm/persetujuan/",
    "/sdm/quick-wins/",
    "/sdm/quick-wins/laporan/",
    "/sdm/laporan/",
    "/sdm/slip/",
    "/sdm/audit/",
    "/sdm/pengingat/",
    "/sdm/pengingat/besok/",
)
PAST = ("/sdm/", "/sdm/penyelesaian/", "/sdm/penyelesaian/nama/", "/sdm/penagihan/", "/sdm/matriks/")


@dataclass(frozen=True)
class Screen:
    """``name`` is the address with what differs from run to run left out; ``limit_ms`` what it may take (p95)."""

    level: str
    name: str
    path: str
    client: Client
    limit_ms: int = 300

    @property
    def label(self) -> str:
        return f"{self.level} {self.name}"


def signed_in(user: User) -> Client:
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client(headers={"host": "localhost"}, raise_request_exception=True)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"at": timezone.now().timestamp(), "method": "password"}]
    session.save()
    return client


def holder(unit: Unit, role: Role) -> User:
    return RoleGrant.objects.filter(unit=unit, role=role).order_by("pk").first().user


def unit_of(level: int) -> Unit:
    return Unit.objects.filter(level=level).order_by("pk").first()


def screens() -> Iterator[Screen]:
    for level, word in LEVELS.items():
        unit = unit_of(level)
        client = signed_in(holder(unit, Role.SDM))
        for path in PLAIN:
            yield Screen(word, path, path, client)
        yield from _of_one(unit, word, client)
        yield from _past(word, client)
        yield Screen(word, "/satuan/", "/satuan/", signed_in(holder(unit, Role.HEAD)))


def _of_one(unit: Unit, word: str, client: Client) -> Iterator[Screen]:
    # The first one is for everybody below.
    oldest = Assignment.objects.filter(unit=unit).earliest("pk")
    yield Screen(word, "/sdm/penugasan/…/ (all)", f"/sdm/penugasan/{oldest.uuid}/", client)
    order = Assignment.objects.filter(unit=unit).order_by("-pk").first()
    period = Period.objects.get()
    yield Screen(word, "/sdm/penugasan/…/", f"/sdm/penugasan/{order.uuid}/", client)
    yield Screen(word, "/sdm/quick-wins/…/nama/", f"/sdm/quick-wins/{period.pk}/nama/", client)
    yield Screen(word, "/sdm/satuan/…/", f"/sdm/satuan/{unit.pk}/", client)
    officer = Officer.objects.filter(posting__unit=unit, posting__valid_to=None).order_by("-pk").first()
    for part in ("", "pelatihan/", "transkrip/"):
        yield Screen(word, f"/sdm/personel/…/{part}", f"/sdm/personel/{officer.uuid}/{part}", client)


def _past(word: str, client: Client) -> Iterator[Screen]:
    day = (timezone.now() - timedelta(days=200)).date().isoformat()
    for path in PAST:
        for axis in ("keadaan", "catatan"):
            name = f"{path}?per=…&menurut={axis}"
            yield Screen(word, name, f"{path}?per={day}&menurut={axis}", client, limit_ms=2_000)
    yield Screen(word, "/sdm/kesiapan/?per=…", f"/sdm/kesiapan/?per={day}", client, limit_ms=2_000)
