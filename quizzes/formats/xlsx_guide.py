"""What the template says about itself: a line of guidance per column, and one example of each kind."""

from decimal import Decimal
from typing import Any

from quizzes.choices import Difficulty, EndingTone, QuestionKind

GUIDE = (
    ("Cara mengisi", ""),
    ("Umum", "Satu baris untuk satu soal. Kolom yang tidak diperlukan dibiarkan kosong. Urutan kolom bebas."),
    ("Jenis", "Salah satu dari: " + ", ".join(QuestionKind.labels) + "."),
    ("Soal", "Teks biasa; baris kosong memisahkan paragraf. Isian rumpang: tulis [[1]], [[2]] di tempatnya."),
    ("Pilihan A sampai H", "Untuk Satu jawaban, Beberapa jawaban, dan Studi kasus."),
    ("Kunci: Satu jawaban", "Huruf pilihan yang benar, misalnya B."),
    ("Kunci: Beberapa jawaban", "Huruf-hurufnya, misalnya A; C."),
    ("Kunci: Benar/salah", "Benar atau Salah."),
    ("Kunci: Mengurutkan", "Satu langkah per baris (Alt+Enter), dalam urutan yang benar."),
    ("Kunci: Memasangkan", "Per baris: pernyataan | pasangannya. Pengecoh: mulai baris dengan | pengecoh."),
    ("Kunci: Jawaban singkat", "Per baris: jawaban | bobot persen | umpan balik. Bobot kosong berarti 100."),
    ("Kunci: Angka", "Per baris: angka | toleransi | bobot persen | umpan balik."),
    ("Kunci: Isian rumpang", "Satu baris per rumpang: jawaban; jawaban lain | pilihan salah; pilihan salah."),
    ("Kunci: Uraian", "Rubrik, per baris: kriteria | poin | pedoman penilai."),
    ("Bobot", "Persen tiap pilihan, dipisah titik koma, misalnya 100; 50; 0; -50. Wajib untuk Studi kasus."),
    ("Umpan balik pilihan", "Per baris: huruf | umpan balik. Untuk Benar/salah: A bagi yang memilih Benar, B Salah."),
    ("Satuan", "Untuk Angka, per baris: satuan | nilainya dalam satuan pertama, misalnya menit | 1 lalu jam | 60."),
    (
        "Aturan",
        "Dipisah titik koma: semua tepat (Beberapa jawaban), bedakan huruf besar (Jawaban singkat), "
        "dua penilai dan paling banyak 300 kata (Uraian).",
    ),
    ("Poin", "Bilangan bulat 1 sampai 20. Kosong berarti 1."),
    ("Topik", "Misalnya Pelayanan/Antrean; garis miring memisahkan topik dan bagiannya."),
    ("Kesulitan", "Salah satu dari: " + ", ".join(Difficulty.labels) + ". Kosong berarti Sedang."),
    ("Dasar hukum", "Kode dari daftar Dasar hukum, misalnya uu-25-2009."),
    ("Perlu verifikasi", "Ya, atau kosong."),
    ("Tanda khusus", "Bila teks sendiri memuat | atau ; tulis garis miring terbalik di depannya: \\| atau \\;."),
    (
        "Skenario bercabang",
        "Di lembar Soal cukup nomor, jenis, dan soal. Di lembar Skenario tulis adegannya dengan nomor yang sama, satu "
        "baris per pilihan. Adegan pertama adalah awalnya; adegan penutup diisi kolom Penutup: "
        + ", ".join(EndingTone.labels)
        + ".",
    ),
)


def _options(*texts: str, **more) -> list[dict[str, Any]]:
    return [
        {"text": text, **{name: values[place] for name, values in more.items()}} for place, text in enumerate(texts)
    ]


EXAMPLES: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "single",
        {
            "text": "Apa yang pertama dilakukan petugas ketika pemohon tiba di loket?",
            "options": _options("Meminta berkas", "Menyapa", "Meminta menunggu", right=[False, True, False]),
            "explanation": "Pelayanan dimulai dengan salam.",
        },
        ("Pelayanan", "Loket"),
    ),
    (
        "multiple",
        {
            "text": "Mana yang wajib diumumkan di ruang pelayanan?",
            "options": _options("Biaya", "Waktu penyelesaian", "Nama pemohon", right=[True, True, False]),
        },
        ("Pelayanan",),
    ),
    ("truefalse", {"text": "Pelayanan pengaduan dipungut biaya.", "answer": "salah"}, ("Pelayanan",)),
    (
        "situational",
        {
            "text": "Pemohon marah karena antrean panjang. Apa tindakan Anda?",
            "options": _options(
                "Mendengarkan, lalu menjelaskan perkiraan waktunya",
                "Mempersilakan duduk",
                "Melanjutkan pekerjaan",
                "Menyuruhnya pulang",
                fraction=[Decimal(1), Decimal("0.5"), Decimal(0), Decimal("-0.5")],
            ),
        },
        ("Komunikasi",),
    ),
    (
        "ordering",
        {"text": "Urutkan langkah menerima laporan.", "steps": ["Sapa", "Dengarkan", "Catat", "Baca ulang"]},
        (),
    ),
    (
        "matching",
        {
            "text": "Pasangkan layanan dengan hasilnya.",
            "pairs": [{"stem": "SPKT", "match": "Tanda bukti lapor"}, {"stem": "SKCK", "match": "Surat catatan"}],
            "distractors": ["Paspor"],
        },
        (),
    ),
    (
        "short",
        {
            "text": "Apa nama surat yang diterima pelapor?",
            "accepted": [
                {"text": "tanda bukti lapor", "fraction": Decimal(1), "feedback": "Tepat."},
                {"text": "tanda*", "fraction": Decimal("0.5"), "feedback": "Sebutkan lengkap."},
            ],
        },
        (),
    ),
    (
        "numerical",
        {
            "text": "Berapa lama paling lambat layanan ini selesai?",
            "numbers": [{"number": Decimal(90), "tolerance": Decimal(5), "fraction": Decimal(1), "feedback": ""}],
            "units": [{"name": "menit", "factor": Decimal(1)}, {"name": "jam", "factor": Decimal(60)}],
        },
        (),
    ),
    (
        "gaps",
        {
            "text": "Petugas [[1]] dahulu, lalu [[2]] keluhannya.",
            "gaps": [{"answers": "menyapa\nmemberi salam", "wrong": ""}, {"answers": "mencatat", "wrong": "menolak"}],
        },
        (),
    ),
    (
        "essay",
        {
            "text": "Ceritakan cara Anda menyampaikan kabar buruk kepada pemohon.",
            "rubric": [
                {"text": "Empati", "points": 4, "guide": "Penuh bila perasaan pemohon diakui."},
                {"text": "Kejelasan", "points": 6, "guide": ""},
            ],
            "max_words": 300,
        },
        (),
    ),
    (
        "scenario",
        {
            "text": "Seorang ibu datang sambil menangis.",
            "scenes": [
                {
                    "name": "loket",
                    "text": "Ia berdiri di depan loket.",
                    "choices": [
                        {"text": "Menyapa dan mempersilakan duduk", "to": "duduk", "fraction": Decimal(1)},
                        {"text": "Menunggu ia bicara", "to": "pergi", "fraction": Decimal(0)},
                    ],
                },
                {"name": "duduk", "text": "Ia mulai bercerita.", "ending": "good"},
                {"name": "pergi", "text": "Ia pergi tanpa melapor.", "ending": "bad"},
            ],
        },
        (),
    ),
)
