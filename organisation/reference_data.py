"""The ranks and service functions that every installation starts with. Edits made later are kept.

Source: DOMAIN notes §3.1 (Polri, 22 ranks), §3.2 (PNS and PPPK), §2.3 (counters).
"""

from .models import Rank, RankKind, ServiceFunction

# code, short, full, group, aliases; from the highest down.
POLRI = [
    ("jenderal", "Jenderal Pol", "Jenderal Polisi", "Pati", ["Jenderal", "Jend Pol"]),
    ("komjen", "Komjen Pol", "Komisaris Jenderal Polisi", "Pati", ["Komjen"]),
    ("irjen", "Irjen Pol", "Inspektur Jenderal Polisi", "Pati", ["Irjen"]),
    ("brigjen", "Brigjen Pol", "Brigadir Jenderal Polisi", "Pati", ["Brigjen"]),
    ("kombes", "Kombes Pol", "Komisaris Besar Polisi", "Pamen", ["Kombes", "KBP"]),
    ("akbp", "AKBP", "Ajun Komisaris Besar Polisi", "Pamen", []),
    ("kompol", "Kompol", "Komisaris Polisi", "Pamen", ["KP"]),
    ("akp", "AKP", "Ajun Komisaris Polisi", "Pama", []),
    ("iptu", "Iptu", "Inspektur Polisi Satu", "Pama", ["Inspektur Satu"]),
    ("ipda", "Ipda", "Inspektur Polisi Dua", "Pama", ["Inspektur Dua"]),
    ("aiptu", "Aiptu", "Ajun Inspektur Polisi Satu", "Bintara Tinggi", []),
    ("aipda", "Aipda", "Ajun Inspektur Polisi Dua", "Bintara Tinggi", []),
    ("bripka", "Bripka", "Brigadir Polisi Kepala", "Bintara", ["Brigadir Kepala"]),
    ("brigpol", "Brigpol", "Brigadir Polisi", "Bintara", ["Brigadir", "Brig"]),
    ("briptu", "Briptu", "Brigadir Polisi Satu", "Bintara", ["Brigadir Satu"]),
    ("bripda", "Bripda", "Brigadir Polisi Dua", "Bintara", ["Brigadir Dua"]),
    ("abripol", "Abripol", "Ajun Brigadir Polisi", "Tamtama", ["Abrip"]),
    ("abriptu", "Abriptu", "Ajun Brigadir Polisi Satu", "Tamtama", []),
    ("abripda", "Abripda", "Ajun Brigadir Polisi Dua", "Tamtama", []),
    ("bharaka", "Bharaka", "Bhayangkara Kepala", "Tamtama", []),
    ("bharatu", "Bharatu", "Bhayangkara Satu", "Tamtama", []),
    ("bharada", "Bharada", "Bhayangkara Dua", "Tamtama", []),
]
PNS = [
    ("iv-e", "Pembina Utama", "Pembina Utama", "Golongan IV", ["IV/e"]),
    ("iv-d", "Pembina Utama Madya", "Pembina Utama Madya", "Golongan IV", ["IV/d"]),
    ("iv-c", "Pembina Utama Muda", "Pembina Utama Muda", "Golongan IV", ["IV/c"]),
    ("iv-b", "Pembina I", "Pembina Tingkat I", "Golongan IV", ["IV/b", "Pembina Tk I"]),
    ("iv-a", "Pembina", "Pembina", "Golongan IV", ["IV/a"]),
    ("iii-d", "Penata I", "Penata Tingkat I", "Golongan III", ["III/d", "Penata Tk I"]),
    ("iii-c", "Penata", "Penata", "Golongan III", ["III/c"]),
    ("iii-b", "Penda I", "Penata Muda Tingkat I", "Golongan III", ["III/b", "Penata Muda Tk I", "Penata Muda I"]),
    ("iii-a", "Penda", "Penata Muda", "Golongan III", ["III/a"]),
    ("ii-d", "Pengatur I", "Pengatur Tingkat I", "Golongan II", ["II/d", "Pengatur Tk I"]),
    ("ii-c", "Pengatur", "Pengatur", "Golongan II", ["II/c"]),
    ("ii-b", "Pengda I", "Pengatur Muda Tingkat I", "Golongan II", ["II/b", "Pengatur Muda Tk I", "Pengatur Muda I"]),
    ("ii-a", "Pengda", "Pengatur Muda", "Golongan II", ["II/a"]),
    ("i-d", "Juru I", "Juru Tingkat I", "Golongan I", ["I/d", "Juru Tk I"]),
    ("i-c", "Juru", "Juru", "Golongan I", ["I/c"]),
    ("i-b", "Juru Muda I", "Juru Muda Tingkat I", "Golongan I", ["I/b", "Juru Muda Tk I"]),
    ("i-a", "Juru Muda", "Juru Muda", "Golongan I", ["I/a"]),
]
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"]
PPPK = [
    (f"pppk-{grade.lower()}", f"PPPK {grade}", f"PPPK Golongan {grade}", "PPPK", [f"PPPK Gol {grade}"])
    for grade in reversed(ROMAN)
]
FUNCTIONS = [
    ("spkt", "SPKT"),
    ("skck", "SKCK"),
    ("sim", "SIM"),
    ("samsat", "Samsat"),
    ("skbn", "SKBN"),
    ("catatan-kriminal", "Catatan kriminal"),
    ("dumas", "Dumas"),
]


def ensure_reference_data(**_signal) -> None:
    """Insert what is missing; never touch a row that is there. Connected to ``post_migrate``."""
    Rank.objects.bulk_create(
        [
            Rank(code=code, short=short, full=full, group=group, aliases=aliases, kind=kind, order=first + place)
            for kind, first, rows in ((RankKind.POLRI, 1, POLRI), (RankKind.PNS, 101, PNS), (RankKind.PPPK, 201, PPPK))
            for place, (code, short, full, group, aliases) in enumerate(rows)
        ],
        ignore_conflicts=True,
    )
    ServiceFunction.objects.bulk_create(
        [ServiceFunction(code=code, name=name, order=place) for place, (code, name) in enumerate(FUNCTIONS, start=1)],
        ignore_conflicts=True,
    )
