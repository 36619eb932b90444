"""Make the first account: an administrator over a unit, who gives everybody else their roles."""

from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from organisation.exceptions import OrganisationError
from organisation.models import Role, Unit, UnitLevel, User, Zone
from organisation.services import create_unit, grant_role


class Command(BaseCommand):
    help = "Buat akun administrator platform. Yang tidak diberikan sebagai pilihan akan ditanyakan."

    def add_arguments(self, parser):
        parser.add_argument("--login", help="NRP/NIP, atau nama masuk bila bukan personel")
        parser.add_argument("--name", help="nama lengkap")
        parser.add_argument("--unit", help="kode satuan; dibuat sebagai satuan teratas bila belum ada satuan")
        parser.add_argument("--unit-name", help="nama satuan teratas yang dibuat")
        parser.add_argument("--zone", choices=Zone.labels, default=Zone.WIB.label, help="zona satuan yang dibuat")
        parser.add_argument("--password-stdin", action="store_true", help="baca kata sandi dari masukan standar")

    def handle(self, *args, **options):
        now = timezone.now()
        login = options["login"] or input("NRP/NIP atau nama masuk: ").strip()
        if User.objects.filter(login=login).exists():
            raise CommandError(f"Akun {login} sudah ada. Beri peran lewat halaman /sdm/peran/.")
        name = options["name"] or input("Nama lengkap: ").strip()
        try:
            with transaction.atomic():
                unit = self._unit(options, at=now)
                user = User(login=login, name=name)
                user.set_password(self._password(user, options))
                user.save()
                reason = "akun pertama, dibuat di server"
                grant_role(user=user, role=Role.ADMINISTRATOR, unit=unit, reason=reason, actor=None, at=now)
        except (OrganisationError, ValidationError) as refusal:
            raise CommandError(" ".join(getattr(refusal, "messages", [str(refusal)])))
        self.stdout.write(f"Administrator {login} dibuat untuk {unit}. Masuk di /masuk/ dan pasang faktor kedua.")

    def _unit(self, options, *, at) -> Unit:
        known = Unit.objects.in_force(at=at)
        code = options["unit"]
        if not known.exists():
            code = code or input("Belum ada satuan. Kode satuan teratas (misalnya POLDA-PBD): ").strip()
            unit_name = options["unit_name"] or input("Nama satuan teratas: ").strip()
            return create_unit(
                parent=None,
                actor=None,
                at=at,
                code=code,
                name=unit_name,
                short_name=unit_name[:60],
                level=UnitLevel.PROVINCE,
                zone=Zone[options["zone"]],
            )
        roots = list(known.filter(parent=None))
        if not code and len(roots) == 1:
            return roots[0]
        unit = known.filter(code=code or input("Kode satuan: ").strip()).first()
        if unit is None:
            raise CommandError("Satuan itu tidak ada. Lihat kodenya di halaman /sdm/satuan/.")
        return unit

    def _password(self, user: User, options) -> str:
        password = input() if options["password_stdin"] else getpass("Kata sandi: ")
        validate_password(password, user)
        if not options["password_stdin"] and getpass("Ulangi kata sandi: ") != password:
            raise CommandError("Kedua kata sandi tidak sama. Ulangi perintahnya.")
        return password
