"""What the style page shows: invented people and units, and the hard cases beside the easy ones."""

from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator

from foundation.pictures import Bar, HeatCell, HeatColumn, HeatRow, HeatTable

LONG_TITLE = (
    "Penanganan Pengaduan Masyarakat secara Terpadu, Pencegahan Pungutan Liar, dan Pengendalian Gratifikasi "
    "pada Loket SPKT, SKCK, SIM, dan Samsat"
)
LONG_NAME = "AKBP Drs. H. Muhammad Abdurrahman Wirahadikusumah Tjokroaminoto, S.H., S.I.K., M.Si., M.H."


class SampleForm(forms.Form):
    """One field of each kind, so that the form fragment is seen with all of them."""

    error_css_class = "error"

    nrp = forms.RegexField(
        label="NRP",
        regex=r"^\d{8}$",
        help_text="8 angka, tanpa spasi",
        error_messages={"invalid": "NRP harus 8 digit angka"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "username"}),
    )
    unit = forms.ChoiceField(
        label="Satuan", choices=[("", "Pilih satuan"), ("spkt", "SPKT"), ("satpas", "Satlantas · Satpas")]
    )
    due = forms.DateField(
        label="Batas waktu", help_text="Berlaku sampai 23.59 WIT", widget=forms.DateInput(attrs={"type": "date"})
    )
    audience = forms.ChoiceField(
        label="Siapa yang ditugaskan?",
        choices=[
            ("counter", "Semua personel layanan publik"),
            ("unit", "Satu satuan beserta jajarannya"),
            ("people", "Personel tertentu menurut NRP"),
        ],
        widget=forms.RadioSelect,
    )
    services = forms.MultipleChoiceField(
        label="Layanan",
        required=False,
        help_text="Pilih semua yang sesuai",
        choices=[("spkt", "SPKT"), ("skck", "SKCK"), ("sim", "SIM")],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label="Alasan", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    order = forms.FileField(label="Surat perintah", required=False, help_text="PDF, paling besar 5 MB")
    agreed = forms.BooleanField(
        label="Saya sudah memeriksa daftar personel", help_text="Penugasan langsung terlihat oleh 128 personel"
    )


class SampleFilter(forms.Form):
    q = forms.CharField(label="Cari nama atau NRP", required=False, widget=forms.SearchInput)
    unit = forms.ChoiceField(label="Satuan", required=False, choices=[("", "Semua satuan"), ("spkt", "SPKT")])
    course = forms.ChoiceField(label="Pelatihan", required=False, choices=[("", "Semua"), ("C1", LONG_TITLE)])
    state = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua"), ("overdue", "Lewat")])


def _heat() -> HeatTable:
    courses = [
        ("Etika", "Etika Pelayanan Publik"),
        ("Komuni\u00adkasi", "Komunikasi Efektif & Pelayanan Ramah"),
        ("Standar", "Standar Pelayanan SPKT, SKCK dan SIM"),
        ("Penga\u00adduan", "Penanganan Pengaduan"),
        ("ZI & Pungli", "Zona Integritas WBK/WBBM & Anti-Pungli"),
        ("Medsos", "Media Sosial & Kehumasan"),
        ("Keliling", "Layanan Keliling & Digital"),
    ]
    units: list[tuple[str, list[int | None]]] = [
        ("SPKT", [96, 91, 88, 84, 97, 79, 100]),
        ("Satlantas · Satpas", [61, 47, 58, 40, 72, 33, 41]),
        ("Polsek Contoh Barat", [74, 66, 49, 70, 81, 52, None]),
        ("Polsek Kepulauan Contoh Selatan Daya", [38, 22, 0, 51, 64, 12, 8]),
        ("Satintelkam · SKCK", [88, 80, 77, 69, 90, 71, 64]),
    ]
    rows = [
        HeatRow(name, [HeatCell(v, "#peta" if v is not None else "", "12 personel") for v in values], url="#peta")
        for name, values in units
    ]
    columns = [HeatColumn(short, title) for short, title in courses]
    return HeatTable("Persentase selesai per satuan dan pelatihan", columns, rows).weakest_first()


def _choices(*, checked: int | None = None, results: dict[int, str] | None = None, texts: list[str]) -> list[dict]:
    found = results or {}
    return [
        {"value": i, "text": text, "checked": i == checked, "result": found.get(i, "")} for i, text in enumerate(texts)
    ]


def style_samples() -> dict[str, Any]:
    """Return the context of templates/style_page.html; touches no database."""
    wrong = SampleForm({"salah-nrp": "8501", "salah-unit": "spkt", "salah-due": "2026-11-28"}, prefix="salah")
    case_texts = [
        "“Besok saja, Pak, loket fotokopi sudah tutup.”",
        "“Saya bantu malam ini, Pak. Laporan tetap bisa dibuat. Boleh saya tanya tiga hal?”",
        "“Syaratnya ada di papan, silakan dibaca dahulu.”",
    ]
    case = {
        "id": "ktp",
        "setting": "Kasus di loket · SPKT, 23.00 WIT",
        "title": "Bapak ini kehilangan KTP dan tidak membawa apa pun",
        "lines": [
            {"text": "“Pak, saya sudah ke dua tempat. Katanya harus ada fotokopi. Saya bingung.”"},
            {"text": "Apa jawaban Anda yang pertama?", "me": True},
        ],
        "choices": _choices(texts=case_texts, checked=1),
    }
    answered = {
        **case,
        "id": "ktp-jawab",
        "choices": _choices(texts=case_texts, checked=1, results={1: "correct"}),
        "tone": "good",
        "consequence": "Bapak itu duduk dan bercerita. Laporannya selesai dalam dua belas menit, tanpa fotokopi.",
    }
    check_texts = ["Boleh, kalau nilainya kecil", "Tidak, dan laporkan dalam 30 hari kerja", "Boleh, asal dibagi rata"]
    questions = [{"number": n, "url": f"#soal-{n}", "answered": n < 8, "current": n == 8} for n in range(1, 21)]
    return {
        "navigation": [
            {"url": "#navigasi", "label": "Belajar", "icon": "home", "current": True},
            {"url": "#tugas", "label": "Katalog", "icon": "course", "current": False},
            {"url": "#sertifikat", "label": "Sertifikat", "icon": "certificate", "current": False},
            {"url": "#formulir", "label": "Akun", "icon": "person", "current": False},
        ],
        "actor_name": "Bripka Yohanis Wamafma, S.H.",
        "crumbs": [
            {"url": "#isi", "label": "Pelatihan saya"},
            {"url": "#isi", "label": "Komunikasi Efektif & Pelayanan Ramah"},
            {"label": "Materi 2 dari 5"},
        ],
        "next": {
            "eyebrow": "Selamat pagi, Bripka Yohanis Wamafma",
            "title": "Lanjutkan: Komunikasi Efektif & Pelayanan Ramah",
            "facts": "Sisa 7 hari · materi 3 dari 5 · sekitar 9 menit · 48 KB",
        },
        "long_next": {
            "eyebrow": f"Selamat malam, {LONG_NAME}",
            "title": f"Mulai: {LONG_TITLE}",
            "facts": "Lewat batas waktu 2 hari · materi 1 dari 6 · sekitar 9 menit · 48 KB",
        },
        "tasks": [
            {
                "url": "#tugas",
                "title": "Standar Pelayanan SPKT, SKCK, dan SIM",
                "facts": "Sampai Kamis, 19 November · 23.59 WIT · 6 JP",
                "done": 0,
                "total": 6,
                "state": "overdue",
                "state_label": "Lewat 2 hari",
            },
            {
                "url": "#tugas",
                "title": LONG_TITLE,
                "facts": "Sampai Sabtu, 28 November · 23.59 WIT · 4 JP · ditugaskan oleh Kabag SDM",
                "done": 2,
                "total": 5,
                "state": "due",
                "state_label": "Sisa 7 hari",
            },
            {
                "url": "#tugas",
                "title": "Etika Pelayanan Publik",
                "facts": "Lulus 14 November · nilai 92 · 4 JP",
                "done": 5,
                "total": 5,
                "state": "certificate",
            },
            {
                "title": "Pos-tes",
                "facts": "Terbuka setelah lima materi selesai",
                "icon": "lock",
                "state": "locked",
            },
        ],
        "people": [
            {
                "name": LONG_NAME,
                "facts": "NRP 7007···· · Kapolsek Kepulauan Contoh Selatan Daya · Zona Integritas WBK/WBBM",
                "url": "#orang",
                "state": "overdue",
                "state_label": "Lewat 12 hari",
            },
            {
                "name": "Briptu Siti Rahmawati",
                "facts": "NRP 9604···· · Polsek Contoh Timur",
                "url": "#orang",
                "state": "in_progress",
            },
            {"name": "Penda I Suparti", "facts": "NIP 19880214···· · Satpas", "state": "exempt"},
        ],
        "tags": [
            "not_started",
            "in_progress",
            "done",
            "due",
            "due_soon",
            "overdue",
            "exempt",
            "locked",
            "required",
            "passed",
            "not_passed",
            "awaiting_marking",
            "certificate",
            "awaiting_signature",
            "draft",
            "in_review",
            "approved",
            "verified",
            "rejected",
            "needs_review",
            "present",
            "absent",
            "excused",
        ],
        "icons": [
            "home",
            "course",
            "catalogue",
            "certificate",
            "people",
            "person",
            "units",
            "assignment",
            "chart",
            "clock",
            "calendar",
            "check",
            "cross",
            "alert",
            "info",
            "lock",
            "shield",
            "law",
            "download",
            "upload",
            "print",
            "search",
            "filter",
            "plus",
            "edit",
            "arrow-left",
            "arrow-right",
            "chevron",
            "file",
            "video",
            "chat",
            "phone",
            "server",
            "sync",
            "logout",
            "circle",
            "half",
            "minus",
        ],
        "tiles": [
            {"label": "Selesai", "value": "306", "note": "dari 450 personel", "tone": "good", "url": "#angka"},
            {"label": "Lewat batas waktu", "value": "47", "note": "12 di loket SIM", "tone": "late", "url": "#angka"},
            {"label": "Rata-rata pos-tes", "value": "84", "note": "naik 21 dari pre-tes"},
            {"label": "Menit belajar", "value": "1.284.000", "note": "sejak 1 Januari 2026"},
        ],
        "no_tiles": [
            {"label": "Selesai", "value": "0", "note": "dari 0 personel"},
            {"label": "Rata-rata pos-tes", "value": "–", "note": "belum ada pos-tes"},
        ],
        "heat": _heat(),
        "points": [
            ("28 Sep", 41),
            ("5 Okt", 44),
            ("12 Okt", 48),
            ("19 Okt", 47),
            ("26 Okt", 53),
            ("2 Nov", 58),
            ("9 Nov", 63),
            ("16 Nov", 68),
        ],
        "gap_points": [("Mei", 0), ("Jun", 420), ("Jul", None), ("Agu", 1284), ("Sep", 1190.5)],
        "no_points": [("Mei", None)],
        "plan": [0, 0, 20, 45, 45, 70, 82, 95],
        "bars": [
            Bar("Polsek Kepulauan Contoh Selatan Daya", 31, "4 dari 13", "#angka"),
            Bar("Satlantas · Satpas", 52, "38 dari 73", "#angka"),
            Bar("SPKT", 91, "42 dari 46", "#angka"),
            Bar("Satpolairud", None, "belum ditugaskan"),
        ],
        "steps": ["Siapa", "Apa dan kapan", "Periksa"],
        "answers": [
            {
                "label": "Siapa",
                "value": "128 personel layanan di Polresta Contoh dan jajaran",
                "change_url": "#siapa",
            },
            {"label": "Pelatihan", "value": LONG_TITLE, "change_url": "#siapa"},
            {"label": "Batas waktu", "value": "Sabtu, 28 November 2026, 23.59 WIT", "change_url": "#siapa"},
            {
                "label": "Kegiatan Quick Wins",
                "value": "P3 SDM Unggul\nTriwulan IV 2026",
                "change_url": "#siapa",
            },
        ],
        "facts": [
            {"label": "Nomor", "value": "Sertif/27/XI/DIK.2.6./2026"},
            {"label": "Diberikan kepada", "value": LONG_NAME},
            {"label": "Kesatuan", "value": "SPKT Polresta Contoh"},
            {"label": "Pelatihan", "value": "Etika Pelayanan Publik"},
            {"label": "Jam pelajaran", "value": "4 JP (180 menit)"},
            {"label": "Penanda tangan", "value": "Kabag SDM, a.n. Kapolresta"},
        ],
        "hash": "9f2c41d07be3a5c8e1904d6fb27715a03c8e2d94f6b1507ae3c9d84b62f088a1",
        "case": case,
        "answered_case": answered,
        "check": {
            "id": "gratifikasi",
            "question": "Pemohon SIM meninggalkan uang “terima kasih” di meja. Boleh diterima?",
            "choices": _choices(texts=check_texts),
        },
        "answered_check": {
            "id": "gratifikasi-jawab",
            "question": "Pemohon SIM meninggalkan uang “terima kasih” di meja. Boleh diterima?",
            "choices": _choices(texts=check_texts, checked=0, results={0: "wrong", 1: "correct"}),
            "explanation": "Pemberian yang berhubungan dengan jabatan ditolak. Bila tidak dapat ditolak, laporkan.",
        },
        "questions": questions,
        "tree": [
            {
                "label": "Polresta Contoh",
                "facts": "450 personel",
                "figure": "68%",
                "open": True,
                "children": [
                    {
                        "label": "Satlantas",
                        "facts": "73 personel",
                        "figure": "52%",
                        "open": True,
                        "url": "#pohon",
                        "children": [
                            {"label": "Satpas", "url": "#pohon", "facts": "24 personel", "figure": "41%"},
                            {"label": "Unit Kamsel", "url": "#pohon", "facts": "18 personel", "figure": "60%"},
                        ],
                    },
                    {"label": "SPKT", "url": "#pohon", "facts": "46 personel", "figure": "91%"},
                    {
                        "label": "Polsek Kepulauan Contoh Selatan Daya",
                        "facts": "13 personel",
                        "figure": "31%",
                        "children": [{"label": "Pospol Dermaga", "facts": "2 personel", "figure": "0%"}],
                    },
                ],
            }
        ],
        "page": Paginator(range(1180), 50).page(3),
        "form": SampleForm(prefix="baru"),
        "wrong_form": wrong,
        "filter_form": SampleFilter(prefix="saring"),
        "sample_messages": [
            Message(constants.SUCCESS, "Penugasan dibuat untuk 128 personel."),
            Message(constants.INFO, "Data per Sabtu, 21 November 2026, 08.00 WIT."),
            Message(constants.WARNING, "3 baris dilewati karena NRP tidak dikenal."),
            Message(constants.ERROR, "Berkas tidak terbaca. Simpan sebagai XLSX, lalu unggah lagi."),
        ],
    }
