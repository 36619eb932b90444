"""Import a roster at the server, with the same rules as the page /sdm/personel/impor/."""

from organisation.models import ImportKind

from ._importing import ImportCommand


class Command(ImportCommand):
    help = "Impor personel dari XLSX atau CSV, semua atau tidak sama sekali."
    kind = ImportKind.OFFICERS
