"""For somebody who lost phone and recovery codes: at the server, by whoever runs it, and written down."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organisation.exceptions import OrganisationError
from organisation.models import User
from organisation.services import reset_second_factor


class Command(BaseCommand):
    help = "Hapus faktor kedua akun yang kehilangan ponsel dan kode pemulihannya; semua sesinya berakhir."

    def add_arguments(self, parser):
        parser.add_argument("login", help="NRP/NIP atau nama masuk")
        parser.add_argument("--reason", required=True, help="siapa yang meminta, dengan surat apa; dicatat di jejak")

    def handle(self, *args, **options):
        user = User.objects.filter(login=options["login"]).first()
        if user is None:
            raise CommandError(f"Akun {options['login']} tidak ada. Periksa NRP/NIP-nya di /sdm/personel/.")
        try:
            removed = reset_second_factor(user=user, reason=options["reason"], actor=None, at=timezone.now())
        except OrganisationError as refusal:
            raise CommandError(str(refusal))
        if not removed:
            raise CommandError(f"{user.name} tidak memasang faktor kedua. Sesinya diakhiri.")
        self.stdout.write(f"Faktor kedua {user.name} dihapus. Ia memasang yang baru saat masuk berikutnya.")
