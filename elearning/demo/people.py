"""The demonstration's units and people: all invented, the same on every machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from organisation.models import Officer, Rank, ServiceFunction, Unit, UnitLevel, User, Zone
from organisation.services.officers import OfficerDraft, create_officers
from organisation.services.units import create_unit

PASSWORD = "melayani dengan sepenuh hati"  # noqa: S105
SEED = 2026

POLDA, POLRESTA, NEIGHBOUR = "POLDA-CONTOH", "POLRESTA-CONTOH", "POLRES-TETANGGA"


@dataclass(frozen=True)
class UnitPlan:
    """A unit with how many invented officers stand in it, and the counters some of them serve."""

    code: str
    parent: str | None
    name: str
    short_name: str
    level: int
    kind: str
    officers: int = 0
    counters: tuple[str, ...] = ()


UNITS = [
    UnitPlan(POLDA, None, "Polda Contoh", "Polda Contoh", UnitLevel.PROVINCE, "Polda tipe B", 6),
    UnitPlan(POLRESTA, POLDA, "Polresta Contoh", "Polresta Contoh", UnitLevel.RESORT, "Polresta", 9),
    UnitPlan("PC-BAGSDM", POLRESTA, "Bag SDM Polresta Contoh", "Bag SDM", UnitLevel.FUNCTION, "Bagian", 12),
    UnitPlan("PC-SPKT", POLRESTA, "SPKT Polresta Contoh", "SPKT", UnitLevel.FUNCTION, "SPKT", 36, ("spkt",)),
    UnitPlan(
        "PC-SATLANTAS",
        POLRESTA,
        "Satlantas Polresta Contoh",
        "Satlantas",
        UnitLevel.FUNCTION,
        "Satuan fungsi",
        58,
        ("sim", "samsat"),
    ),
    UnitPlan(
        "PC-SATINTELKAM",
        POLRESTA,
        "Satintelkam Polresta Contoh",
        "Satintelkam",
        UnitLevel.FUNCTION,
        "Satuan fungsi",
        34,
        ("skck",),
    ),
    UnitPlan(
        "PC-SATRESKRIM",
        POLRESTA,
        "Satreskrim Polresta Contoh",
        "Satreskrim",
        UnitLevel.FUNCTION,
        "Satuan fungsi",
        52,
        ("catatan-kriminal",),
    ),
    UnitPlan("PC-SIWAS", POLRESTA, "Siwas Polresta Contoh", "Siwas", UnitLevel.FUNCTION, "Seksi", 8, ("dumas",)),
    UnitPlan(
        "PC-SIPROPAM", POLRESTA, "Sipropam Polresta Contoh", "Sipropam", UnitLevel.FUNCTION, "Seksi", 14, ("dumas",)
    ),
    UnitPlan(
        "PC-SIDOKKES", POLRESTA, "Sidokkes Polresta Contoh", "Sidokkes", UnitLevel.FUNCTION, "Seksi", 9, ("skbn",)
    ),
    UnitPlan(
        "PC-SATBINMAS", POLRESTA, "Satbinmas Polresta Contoh", "Satbinmas", UnitLevel.FUNCTION, "Satuan fungsi", 26
    ),
    UnitPlan(
        "POLSEK-TIMUR",
        POLRESTA,
        "Polsek Contoh Timur",
        "Polsek Timur",
        UnitLevel.SECTOR,
        "Polsek Urban",
        48,
        ("spkt", "skck"),
    ),
    UnitPlan(
        "POLSEK-BARAT",
        POLRESTA,
        "Polsek Contoh Barat",
        "Polsek Barat",
        UnitLevel.SECTOR,
        "Polsek Urban",
        44,
        ("spkt", "skck"),
    ),
    UnitPlan(
        "POLSEK-UTARA",
        POLRESTA,
        "Polsek Contoh Utara",
        "Polsek Utara",
        UnitLevel.SECTOR,
        "Polsek Rural",
        36,
        ("spkt", "skck"),
    ),
    UnitPlan(
        "POLSEK-PULAU",
        POLRESTA,
        "Polsek Kepulauan Contoh",
        "Polsek Kepulauan",
        UnitLevel.SECTOR,
        "Polsek Rural",
        27,
        ("spkt",),
    ),
    UnitPlan(NEIGHBOUR, POLDA, "Polres Tetangga", "Polres Tetangga", UnitLevel.RESORT, "Polres", 24, ("dumas",)),
    UnitPlan("PT-SPKT", NEIGHBOUR, "SPKT Polres Tetangga", "SPKT", UnitLevel.FUNCTION, "SPKT", 28, ("spkt",)),
    UnitPlan(
        "PT-SATLANTAS",
        NEIGHBOUR,
        "Satlantas Polres Tetangga",
        "Satlantas",
        UnitLevel.FUNCTION,
        "Satuan fungsi",
        40,
        ("sim",),
    ),
    UnitPlan(
        "PT-SATINTELKAM",
        NEIGHBOUR,
        "Satintelkam Polres Tetangga",
        "Satintelkam",
        UnitLevel.FUNCTION,
        "Satuan fungsi",
        24,
        ("skck",),
    ),
    UnitPlan(
        "PT-POLSEK-HULU",
        NEIGHBOUR,
        "Polsek Tetangga Hulu",
        "Polsek Hulu",
        UnitLevel.SECTOR,
        "Polsek Rural",
        32,
        ("spkt", "skck"),
    ),
    UnitPlan(
        "PT-POLSEK-HILIR",
        NEIGHBOUR,
        "Polsek Tetangga Hilir",
        "Polsek Hilir",
        UnitLevel.SECTOR,
        "Polsek Rural",
        28,
        ("spkt",),
    ),
]

GIVEN = """
    Yohanis Markus Yulius Siti Andi Dewi Rahmat Agus Lukas Martha Petrus Nurul Bambang Rina Hendrik
    Yuliana Simon Fitri Daud Ratna Joko Maria Samuel Indah Frans Putri Yusuf Debora Arif Lestari Paulus
    Wulan Herman Kristina Ridwan Elisabet Dominggus Ayu Mathius Sri Benyamin Novita Imam Yakoba Gerson
    Melati Fajar Ester Otniel Kartika Surya Naomi Teguh Mega
""".split()
FAMILY = """
    Wamafma Kambuaya Rahmawati Howay Saputra Sagrim Santoso Kalami Hidayat Momot Siregar Lubis Way Nauw
    Pratama Karet Susanto Osok Malibela Simanjuntak Yumame Fatem Hasanuddin Rumbiak Wanma Sitorus
    Mambrasar Baransano Firmansyah Ulimpa Kurniawan Solossa Nasution Duwit Setiawan Thesia Salamuk
    Wibowo Bless Kocu Purnama Asmuruf Bonsapia Hutapea Tanjung Jitmau Maharani Naa Kareth Latuconsina
    Pattiasina Tuasikal Iek Manurung
""".split()
SUFFIXES = ["", "", "", "", "", "", "S.H.", "S.H.", "S.Sos.", "S.E.", "S.H., M.H.", "S.Tr.K."]
# (rank code, weight): mostly Bintara, as a Polres is.
RANKS = [
    ("bripda", 16),
    ("briptu", 20),
    ("brigpol", 16),
    ("bripka", 22),
    ("aipda", 10),
    ("aiptu", 7),
    ("ipda", 4),
    ("iptu", 3),
    ("akp", 2),
]


@dataclass(frozen=True)
class Known:
    """A person with a part in the demonstration: a login with the documented password."""

    part: str
    number: str
    name: str
    suffix: str
    rank: str
    unit: str
    post: str
    counters: tuple[str, ...] = ()


KNOWN = [
    Known("officer", "85010001", "Yohanis Wamafma", "S.H.", "bripka", "PC-SPKT", "Banit", ("spkt",)),
    Known("new officer", "02050017", "Melati Kurniawan", "", "bripda", "POLSEK-TIMUR", "Banit", ("spkt",)),
    Known("head", "78040012", "Benyamin Simanjuntak", "S.I.K., M.H.", "kombes", POLRESTA, "Kapolresta"),
    Known("sdm", "82070034", "Ratna Maharani", "S.I.K.", "kompol", "PC-BAGSDM", "Kabag SDM"),
    Known("trainer", "83090021", "Samuel Rumbiak", "S.Pd.", "iptu", "PC-BAGSDM", "Paur Latihan"),
    Known("reviewer", "81120045", "Kartika Lubis", "S.H., M.H.", "akp", POLRESTA, "Kasikum"),
    Known("neighbour sdm", "84030056", "Hendrik Tuasikal", "S.Sos.", "akp", NEIGHBOUR, "Kabag SDM"),
    Known("upper sdm", "77100023", "Lestari Hutapea", "S.I.K.", "akbp", POLDA, "Kabag Dalpers Ro SDM"),
]


def build_units(*, at: datetime) -> dict[str, Unit]:
    """Make the tree; return units by code."""
    units: dict[str, Unit] = {}
    for plan in UNITS:
        units[plan.code] = create_unit(
            parent=units.get(plan.parent or ""),
            actor=None,
            at=at,
            active_from=at,
            code=plan.code,
            name=plan.name,
            short_name=plan.short_name,
            level=plan.level,
            kind=plan.kind,
            zone=Zone.WIT,
            place="Contoh",
        )
    return units


def build_officers(units: dict[str, Unit], *, at: datetime) -> dict[str, Officer]:
    """Make about 600 officers and the known ones; return the known ones by part."""
    chance = Random(SEED)  # noqa: S311
    ranks = {rank.code: rank for rank in Rank.objects.all()}
    functions = {function.code: function for function in ServiceFunction.objects.all()}
    codes, weights = zip(*RANKS, strict=True)
    used = {known.number for known in KNOWN}
    drafts = [
        OfficerDraft(
            number=known.number,
            name=known.name,
            name_suffix=known.suffix,
            unit=units[known.unit],
            rank=ranks[known.rank],
            post=known.post,
            functions=frozenset(functions[code] for code in known.counters),
            valid_from=at,
        )
        for known in KNOWN
    ]
    for plan in UNITS:
        for _ in range(plan.officers):
            rank = chance.choices(codes, weights)[0]
            counter = chance.choice(plan.counters) if plan.counters and chance.random() < 0.7 else ""
            drafts.append(
                OfficerDraft(
                    number=_free_number(chance, used),
                    name=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}",
                    name_suffix=chance.choice(SUFFIXES),
                    unit=units[plan.code],
                    rank=ranks[rank],
                    post="Banit" if rank in codes[:6] else "Kanit",
                    functions=frozenset({functions[counter]} if counter else ()),
                    valid_from=at + timedelta(days=chance.randrange(0, 300)),
                )
            )
    officers = create_officers(drafts=drafts, actor=None, at=at)
    known_officers = {known.part: officers[index] for index, known in enumerate(KNOWN)}
    for officer in known_officers.values():
        officer.user.set_password(PASSWORD)
    User.objects.bulk_update([officer.user for officer in known_officers.values()], ["password"])
    return known_officers


def _free_number(chance: Random, used: set[str]) -> str:
    while True:
        number = f"{chance.randrange(72, 104) % 100:02d}{chance.randrange(1, 13):02d}{chance.randrange(1, 9999):04d}"
        if number not in used:
            used.add(number)
            return number
