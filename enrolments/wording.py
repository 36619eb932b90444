"""The words of messages: which kinds there are, what may stand in braces, and the words every installation begins with.

``{nama}`` stands for a value. What is written is checked when it is saved, so that sending cannot fail on it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from .exceptions import WordingRefused

PLACE = re.compile(r"\{([^{}]*)\}")
FILLED = re.compile(PLACE.pattern + r"(\.?)")
STRAY = re.compile(r"[{}]")


class MessageKind(TextChoices):
    ASSIGNED = "assigned", "Tugas baru"
    AGAIN = "again", "Tugas diulang"
    TAKEN_BACK = "taken_back", "Tugas ditarik kembali"
    BEFORE = "before", "Sebelum batas waktu"
    DUE = "due", "Pada hari batas waktu"
    LATE = "late", "Sesudah batas waktu"
    DIGEST = "digest", "Ringkasan bagi pimpinan dan SDM"
    OFFICER_BY_HAND = "officer_by_hand", "Dikirim sendiri kepada satu personel"
    UNIT_BY_HAND = "unit_by_hand", "Dikirim sendiri ke grup satuan"
    REPORT = "report", "Laporan berkala"
    CERTIFICATE = "certificate", "Kabar sertifikat"
    CERTIFICATE_ENDS = "certificate_ends", "Masa berlaku sertifikat"
    CERTIFICATE_FILE = "certificate_file", "Sertifikat sebagai lampiran"
    DATE_REFUSED = "date_refused", "Tanggal terbit atau berakhir tertunda"


@dataclass(frozen=True)
class Wording:
    """What a kind begins with, and what may stand in its braces with an example of each."""

    title: str
    text: str
    example: Mapping[str, str]


ONE_DUTY = {
    "salam": "Selamat pagi",
    "nama": "Bripka Andi Pratama",
    "pelatihan": "Etika Pelayanan Publik",
    "batas": "28 November 2026",
    "sisa": "7 hari lagi",
}

ONE_CERTIFICATE = {
    "salam": "Selamat pagi",
    "nama": "Bripka Andi Pratama",
    "pelatihan": "Etika Pelayanan Publik",
    "nomor": "Sertif/27/XI/DIK.2.6./2026",
}

WORDINGS: dict[str, Wording] = {
    MessageKind.ASSIGNED: Wording(
        title="Tugas baru: {pelatihan}",
        text=(
            "{salam}, {nama}. Anda ditugaskan mengikuti {pelatihan} sampai {batas} ({sisa}). "
            "Dasarnya {perintah} dari {penerbit}. Alasannya: {alasan}."
        ),
        example=ONE_DUTY
        | {
            "perintah": "Sprin/118/XI/DIK.2.6./2026",
            "penerbit": "Kapolresta Contoh",
            "alasan": "Quick Wins triwulan IV",
        },
    ),
    MessageKind.AGAIN: Wording(
        title="Waktunya mengulang: {pelatihan}",
        text=(
            "{salam}, {nama}. Masa berlaku penyelesaian Anda sudah atau segera habis, jadi {pelatihan} diminta lagi "
            "sampai {batas} ({sisa}). Perintah yang memintanya tercantum di halaman pelatihan itu."
        ),
        example=ONE_DUTY | {"batas": "20 Januari 2027", "sisa": "60 hari lagi"},
    ),
    MessageKind.TAKEN_BACK: Wording(
        title="Tugas {kabar}: {pelatihan}",
        text=(
            "{salam}, {nama}. Penugasan {pelatihan} menurut {perintah} dari {penerbit} {kabar}: {alasan}. "
            "Anda tidak wajib lagi mengikutinya menurut perintah itu; yang sudah Anda pelajari tetap tercatat."
        ),
        example={
            "salam": "Selamat pagi",
            "nama": "Bripka Andi Pratama",
            "pelatihan": "Etika Pelayanan Publik",
            "kabar": "dibatalkan",
            "perintah": "Sprin/118/XI/DIK.2.6./2026",
            "penerbit": "Kapolresta Contoh",
            "alasan": "salah satuan",
        },
    ),
    MessageKind.BEFORE: Wording(
        title="{pelatihan}: {sisa}",
        text=(
            "{salam}, {nama}. Batas waktu pelatihan {pelatihan} adalah {batas} ({sisa}). "
            "Luangkan waktu untuk menyelesaikannya."
        ),
        example=ONE_DUTY,
    ),
    MessageKind.DUE: Wording(
        title="{pelatihan}: batas waktu hari ini",
        text="{salam}, {nama}. Hari ini batas waktu pelatihan {pelatihan}. Silakan selesaikan sebelum pukul 24.00.",
        example=ONE_DUTY | {"sisa": "hari ini"},
    ),
    MessageKind.LATE: Wording(
        title="{pelatihan}: {sisa}",
        text=(
            "{salam}, {nama}. Pelatihan {pelatihan} {sisa} (batas waktu {batas}). Silakan lanjutkan, "
            "dan beri tahu Bag SDM bila ada kendala."
        ),
        example=ONE_DUTY | {"sisa": "lewat 7 hari"},
    ),
    MessageKind.DIGEST: Wording(
        title="{satuan}: {lewat} lewat batas waktu",
        text=(
            "{salam}, {nama}. Keadaan {satuan} per {tanggal}:\n"
            "- lewat batas waktu: {lewat}\n"
            "- baru sampai ke tingkat Anda karena terlambat: {naik}\n"
            "- berakhir dalam tujuh hari: {segera}\n"
            "- baru selesai: {selesai}"
        ),
        example={
            "salam": "Selamat pagi",
            "nama": "Ratna Wulandari",
            "satuan": "Polresta Contoh",
            "tanggal": "21 November 2026",
            "lewat": "12",
            "naik": "3",
            "segera": "25",
            "selesai": "8",
        },
    ),
    MessageKind.OFFICER_BY_HAND: Wording(
        title="Anda diingatkan: {pelatihan}",
        text=(
            "{salam}, {nama}. Pelatihan berikut lewat batas waktu: {pelatihan}. Silakan lanjutkan di {tautan} "
            "dan beri tahu Bag SDM bila ada kendala. Terima kasih."
        ),
        example={
            "salam": "Selamat pagi",
            "nama": "Bripka Andi Pratama",
            "pelatihan": "Etika Pelayanan Publik (lewat 2 hari)",
            "tautan": "https://belajar.contoh.go.id",
        },
    ),
    MessageKind.UNIT_BY_HAND: Wording(
        title="Pengingat untuk {satuan}",
        text=(
            "{salam}. Per {tanggal}, pelatihan berikut lewat batas waktu:\n{daftar}\n"
            "Silakan lanjutkan di {tautan} dan beri tahu Bag SDM bila ada kendala. Terima kasih."
        ),
        example={
            "salam": "Selamat pagi",
            "satuan": "Polsek Contoh",
            "tanggal": "21 November 2026",
            "daftar": "1. Bripka Andi Pratama: Etika Pelayanan Publik (lewat 2 hari)",
            "tautan": "https://belajar.contoh.go.id",
        },
    ),
    MessageKind.REPORT: Wording(
        title="{laporan}: {satuan}, {masa}",
        text=(
            "{salam}, {nama}. Laporan {laporan} untuk {satuan}, keadaan {tanggal}:\n{angka}\n"
            "Berkas dengan rinciannya dibuka lewat tautan di bawah sesudah masuk, paling lama tujuh hari. "
            "Berhenti menerima laporan ini: {berhenti}"
        ),
        example={
            "salam": "Selamat pagi",
            "nama": "Ratna Wulandari",
            "laporan": "Etika per Polsek",
            "satuan": "Polresta Contoh",
            "masa": "minggu ke-47 tahun 2026",
            "tanggal": "23 November 2026",
            "angka": "- ditugaskan: 450\n- selesai: 306 (68%)\n- lewat batas waktu: 12",
            "berhenti": "https://belajar.contoh.go.id/sdm/laporan/contoh/ubah/",
        },
    ),
    MessageKind.CERTIFICATE: Wording(
        title="{kabar}: {pelatihan}",
        text="{salam}, {nama}. Sertifikat {pelatihan} nomor {nomor} {keterangan}.",
        example=ONE_CERTIFICATE
        | {
            "kabar": "Sertifikat diganti",
            "keterangan": "sudah diganti oleh sertifikat nomor Sertif/31/XI/DIK.2.6./2026",
        },
    ),
    MessageKind.CERTIFICATE_ENDS: Wording(
        title="Masa berlaku sertifikat {pelatihan}: {sisa}",
        text=(
            "{salam}, {nama}. Sertifikat {pelatihan} nomor {nomor} berlaku sampai {batas} ({sisa}). "
            "Sertifikat baru terbit begitu Anda menyelesaikan pelatihan ini lagi."
        ),
        example=ONE_CERTIFICATE | {"batas": "28 November 2026", "sisa": "30 hari lagi"},
    ),
    MessageKind.CERTIFICATE_FILE: Wording(
        title="Sertifikat {pelatihan}",
        text=(
            "{salam}, {nama}. Sertifikat {pelatihan} nomor {nomor} dikirim ke alamat e-mail Anda sebagai lampiran. "
            "Siapa pun dapat memeriksa keasliannya di {tautan}"
        ),
        example=ONE_CERTIFICATE | {"tautan": "https://belajar.contoh.go.id/verifikasi/7K3M-Q9TX-4D2R-8VWA-K/"},
    ),
    MessageKind.DATE_REFUSED: Wording(
        title="{kabar}: {halaman}",
        text=(
            "{salam}, {nama}. Tanggal yang Anda jadwalkan untuk “{halaman}”, {tanggal}, belum dapat dijalankan. "
            "{sebab} Platform mencobanya lagi sendiri. Bila tidak jadi, hapus jadwalnya di halaman itu."
        ),
        example={
            "salam": "Selamat pagi",
            "nama": "Ratna Wulandari",
            "kabar": "Tanggal berakhir tertunda",
            "halaman": "Etika Pelayanan Publik",
            "tanggal": "28 November 2026 00.00 WIB",
            "sebab": (
                "3 personel masih wajib mengikuti pelatihan ini dan tidak akan dapat membukanya lagi. Minta Bag SDM "
                "yang menugaskannya mencabut penugasannya, atau tunggu sampai semuanya selesai."
            ),
        },
    ),
}


def check(kind: str, words: str) -> None:
    """Raises WordingRefused for a name in braces that ``kind`` does not know, and for a brace left alone."""
    known = WORDINGS[kind].example
    usable = ", ".join(f"{{{name}}}" for name in known)
    unknown = [name for name in PLACE.findall(words) if name not in known]
    if unknown:
        raise WordingRefused(f"“{{{unknown[0]}}}” tidak dikenal di templat ini. Yang dapat dipakai: {usable}.")
    if STRAY.search(PLACE.sub("", words)):
        raise WordingRefused(f"Ada kurung kurawal tanpa pasangan. Tulis lengkap, misalnya {usable.split(', ')[0]}.")


def fill(words: str, values: Mapping[str, str]) -> str:
    """Put ``values`` in, each read for braces never again; "S.H." at the end of a sentence keeps one full stop."""
    return FILLED.sub(lambda place: values[place[1]] + ("" if values[place[1]].endswith(".") else place[2]), words)
