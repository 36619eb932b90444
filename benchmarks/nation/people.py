"""The invented nation, officer by officer and unit by unit: plain arithmetic, the same on every run."""

from collections.abc import Iterator
from dataclasses import dataclass

POLDA_STAFF, POLRES_STAFF, SECTOR_STAFF = 2_000, 264, 263
POLRES_OF_POLDA, SECTORS_OF_POLRES = 14, 2
PROVINCES = 34
ZONES = ("Asia/Jakarta", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
FIRST = (
    "Adi Agus Ahmad Andi Anita Arif Bagus Bambang Bayu Budi Citra Dedi Dewi Dian Dimas Dwi Eka Eko Endang Fajar "
    "Fitri Galih Gede Hadi Hendra Ika Imam Indra Intan Irwan Joko Kadek Kartika Lestari Lina Made Maya Mega Nanda "
    "Nina Nur Okta Putra Putri Rahmat Ratna Rina Rizki Rudi Sari Sigit Siti Slamet Sri Taufik Tri Wahyu Wati Yanto Yudi"
).split()
LAST = (
    "Anggraini Ardiansyah Aritonang Basuki Cahyono Damanik Firmansyah Ginting Gunawan Handoko Harahap Hasibuan Hidayat "
    "Irawan Kurniawan Kusuma Laksono Lubis Mahendra Manurung Maulana Nasution Nugraha Nugroho Pamungkas Pangestu "
    "Permana Prabowo Pranata Prasetyo Pratama Purnomo Ramadhan Saputra Saragih Setiawan Sihombing Simanjuntak Siregar "
    "Suharto Sulistyo Suryana Susanto Sutrisno Tampubolon Utomo Wibowo Wicaksono Widodo Wijaya Winarno Yulianto"
).split()


@dataclass(frozen=True)
class Place:
    """A unit with how many people stand at it; ``order_unit`` gives the orders that no higher unit gives."""

    pk: int
    parent: int | None
    path: str
    level: int
    staff: int
    province: int
    order_unit: int

    @property
    def name(self) -> str:
        return f"{('Mabes', 'Polda', 'Polres', 'Polsek')[self.level - 1]} Ukur {self.pk}"

    @property
    def zone(self) -> str:
        return ZONES[self.province % len(ZONES)]


def places(officers: int) -> list[Place]:
    """Mabes, and Polda after Polda until everybody stands somewhere; the first Polres is the same in every size."""
    found = [Place(1, None, "0000001", 1, max(50, officers // 76), 1, 1)]
    left = officers - found[0].staff
    while left > POLDA_STAFF and sum(place.level == 2 for place in found) < PROVINCES:
        polda = _below(found, found[0], min(POLDA_STAFF, left))
        left -= polda.staff
        for _polres in range(POLRES_OF_POLDA):
            if left < POLRES_STAFF + SECTORS_OF_POLRES * SECTOR_STAFF:
                break
            polres = _below(found, polda, POLRES_STAFF)
            for _sector in range(SECTORS_OF_POLRES):
                _below(found, polres, SECTOR_STAFF)
            left -= POLRES_STAFF + SECTORS_OF_POLRES * SECTOR_STAFF
    found[0] = Place(1, None, "0000001", 1, found[0].staff + left, 1, 1)
    return found


def _below(found: list[Place], parent: Place, staff: int) -> Place:
    pk = len(found) + 1
    own = parent.level < 3
    place = Place(
        pk,
        parent.pk,
        f"{parent.path}{pk:07}",
        parent.level + 1,
        staff,
        pk if parent.level == 1 else parent.province,
        pk if own else parent.order_unit,
    )
    found.append(place)
    return place


def names(officers: int) -> Iterator[str]:
    for n in range(1, officers + 1):
        yield f"{FIRST[n * 7 % len(FIRST)]} {LAST[n * 13 % len(LAST)]} {LAST[n // 97 % len(LAST)]}"
