"""``manage.py seal_key``: the key ceremony of the institution's seal (docs/keys.md)."""

import getpass
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates.exceptions import SealUnavailable
from certificates.models import SealCertificate
from certificates.sealing import ceremony, keys
from foundation.formats import date_medium

SHORTEST = 12


class Command(BaseCommand):
    help = "Kunci segel instansi: buat, catat, tampilkan, ganti, nyatakan bocor, ekspor sertifikat publik."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        for act, about in (("create", "Buat kunci pertama."), ("rotate", "Ganti kunci; yang lama disisihkan.")):
            one = acts.add_parser(act, help=about)
            one.add_argument("--name", required=act == "create", help="Nama instansi, misalnya: Polresta Contoh")
            one.add_argument("--years", type=int, default=keys.YEARS, help="Masa sertifikat (baku: %(default)s tahun).")
            one.add_argument("--ask", action="store_true", help="Tanyakan kata sandi, jangan simpan di samping kunci.")
            if act == "rotate":
                one.add_argument("--reason", required=True, help="Alasan, masuk jejak audit.")
        acts.add_parser("register", help="Catat sertifikat di samping kunci (mesin baru, basis data dipulihkan).")
        acts.add_parser("show", help="Daftar semua sertifikat segel dan kunci yang terbaca di sini.")
        leak = acts.add_parser("compromised", help="Nyatakan satu kunci bocor.")
        leak.add_argument("fingerprint", help="Awal sidik jari, paling sedikit 8 tanda.")
        leak.add_argument("--reason", required=True)
        adopt = acts.add_parser("adopt", help="Catat sertifikat publik lama kita yang hilang dari basis data.")
        adopt.add_argument("file", help="Berkas PEM dari arsip kita sendiri, misalnya hasil seal_key export.")
        adopt.add_argument("--reason", required=True)
        export = acts.add_parser("export", help="Tulis semua sertifikat publik dalam satu berkas PEM.")
        export.add_argument("file", nargs="?", help="Tanpa nama: ke layar.")

    def handle(self, *args, act, **options):
        try:
            getattr(self, act)(**options)
        except SealUnavailable as problem:
            raise CommandError(str(problem)) from problem

    def create(self, *, name, years, ask, **_options):
        made = ceremony.create(name=name, years=years, passphrase=asked(ask), at=timezone.now())
        self._tell(made, ask=ask)

    def rotate(self, *, name, years, ask, reason, **_options):
        before = SealCertificate.objects.filter(in_use=True).first()
        name = name or (before and before.name.removeprefix("Segel Elektronik "))
        if not name:
            raise CommandError("Belum ada segel yang dipakai; sebut nama instansi dengan --name.")
        made = ceremony.rotate(name=name, years=years, passphrase=asked(ask), note=reason, at=timezone.now())
        self.stdout.write("Kunci lama disisihkan dengan akhiran .until-…; hancurkan setelah memeriksa yang baru.")
        self._tell(made, ask=ask)

    def register(self, **_options):
        self._tell(ceremony.record(keys.load().certificate, at=timezone.now(), note=""), ask=True)

    def show(self, **_options):
        for row in ceremony.overview():
            state = "DIPAKAI" if row.in_use else "bocor" if row.compromised_at else "diganti"
            until = date_medium(row.valid_to, "Asia/Jakarta")
            self.stdout.write(f"{state:8} {row.name}, sampai {until}, {row.sealed} berkas\n  {row.shown_fingerprint}")
            if row.note:
                self.stdout.write(f"  {row.note}")
        _key, row = ceremony.ready(at=timezone.now())
        self.stdout.write(f"Kunci di {keys.folder()} terbuka dan milik {row}.")

    def compromised(self, *, fingerprint, reason, **_options):
        if len(ceremony.plain(fingerprint)) < 8:
            raise CommandError("Sebut paling sedikit 8 tanda sidik jari.")
        row = ceremony.declare_compromised(fingerprint=fingerprint, note=reason, at=timezone.now())
        self.stdout.write(
            f"{row} tidak dipercaya lagi sejak sekarang. Berkas yang tercatat di register tetap asli; "
            "berkas lain yang disegel kunci ini ditolak. Lanjutkan: manage.py seal_key rotate"
        )

    def adopt(self, *, file, reason, **_options):
        made = ceremony.adopt(Path(file).read_text(encoding="utf-8"), note=reason, at=timezone.now())
        self.stdout.write(f"{len(made)} sertifikat lama dicatat.")
        for row in made:
            self.stdout.write(f"{row.name}\n  {row.shown_fingerprint}")

    def export(self, *, file, **_options):
        if file:
            Path(file).write_text(ceremony.exported(), encoding="utf-8")
        else:
            self.stdout.write(ceremony.exported(), ending="")

    def _tell(self, row: SealCertificate, *, ask: bool) -> None:
        self.stdout.write(f"{row.name}\nSHA-256 {row.shown_fingerprint}")
        self.stdout.write("Catat sidik jari ini di berita acara dan umumkan di luar platform.")
        if not ask:
            self.stdout.write(
                f"Kata sandi ada di {keys.folder() / keys.PASSPHRASE_FILE}: pindahkan (SEAL_PASSPHRASE_FILE) "
                "dan simpan salinannya terpisah dari kunci."
            )


def asked(ask: bool) -> bytes | None:
    """The passphrase typed twice at the ceremony; None lets one be drawn."""
    if not ask:
        return None
    if not sys.stdin.isatty():
        first = again = sys.stdin.readline().rstrip("\n")
    else:
        first, again = getpass.getpass("Kata sandi kunci: "), getpass.getpass("Sekali lagi: ")
    if first != again:
        raise CommandError("Kedua kata sandi tidak sama.")
    if len(first) < SHORTEST:
        raise CommandError(f"Kata sandi kunci paling sedikit {SHORTEST} tanda.")
    return first.encode()
