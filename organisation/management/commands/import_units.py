"""Import the tree of units at the server, with the same rules as the page /sdm/satuan/impor/."""

from organisation.models import ImportKind

from ._importing import ImportCommand


class Command(ImportCommand):
    help = "Impor pohon satuan dari XLSX atau CSV, semua atau tidak sama sekali."
    kind = ImportKind.UNITS
