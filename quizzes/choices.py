"""The closed lists that blocks, rows and forms of this room share."""

from django.db import models


class QuestionKind(models.TextChoices):
    SINGLE = "single", "Satu jawaban"
    MULTIPLE = "multiple", "Beberapa jawaban"
    TRUE_FALSE = "truefalse", "Benar/salah"
    SITUATIONAL = "situational", "Studi kasus"
    ORDERING = "ordering", "Mengurutkan"
    MATCHING = "matching", "Memasangkan"
    SHORT = "short", "Jawaban singkat"
    NUMERICAL = "numerical", "Angka"
    GAPS = "gaps", "Isian rumpang"
    ESSAY = "essay", "Uraian"
    SCENARIO = "scenario", "Skenario bercabang"


class QuizRole(models.TextChoices):
    PRETEST = "pretest", "Pre-tes"
    POSTTEST = "posttest", "Pos-tes"


class Difficulty(models.TextChoices):
    EASY = "easy", "Mudah"
    MEDIUM = "medium", "Sedang"
    HARD = "hard", "Sulit"


class ReviewSetting(models.TextChoices):
    DURING = "during", "Segera setelah tiap jawaban"
    AFTER_SUBMIT = "after_submit", "Setelah dikirim"
    NEVER = "never", "Tidak pernah"


class AttemptEnd(models.TextChoices):
    SUBMITTED = "submitted", "Dikirim"
    TIMED_OUT = "timed_out", "Waktu habis"


class EndingTone(models.TextChoices):
    GOOD = "good", "Berakhir baik"
    MIXED = "mixed", "Berakhir kurang baik"
    BAD = "bad", "Berakhir buruk"


class Treatment(models.TextChoices):
    """What a correction does with a question."""

    KEY = "key", "Perbaiki kunci"
    FULL = "full", "Beri nilai penuh kepada semua"
    DROP = "drop", "Batalkan soal"


class Consequence(models.TextChoices):
    """What becomes of whoever had passed and would not have with the right key."""

    KEEP = "keep", "Kelulusan tetap berlaku"
    CORRECT = "correct", "Kelulusan dikoreksi"


class EventKind(models.TextChoices):
    """What can happen to an attempt; each word is how the timeline calls it."""

    STARTED = "started", "Percobaan dimulai"
    OPENED = "opened", "Dibuka di sebuah perangkat"
    SAVED = "saved", "Jawaban tersimpan"
    SUPERSEDED = "superseded", "Jawaban lama datang lagi, tidak dipakai"
    LATE = "late", "Jawaban datang terlambat"
    REVEALED = "revealed", "Pembahasan satu soal dibuka"
    EXTENDED = "extended", "Waktu ditambah"
    SUBMITTED = "submitted", "Dikirim"
    TIMED_OUT = "timed_out", "Ditutup karena waktu habis"
    GRADED = "graded", "Dinilai"
    MARKED = "marked", "Satu penilai selesai menilai"
    REGRADED = "regraded", "Nilai dihitung ulang"
    RESULT_OPENED = "result_opened", "Hasil dibuka oleh personel"
    DISPUTED = "disputed", "Hasil dipertanyakan"
    DISPUTE_REPLIED = "dispute_replied", "Sanggahan dijawab"
    LATE_ACCEPTED = "late_accepted", "Jawaban terlambat diterima"
    LATE_REFUSED = "late_refused", "Jawaban terlambat ditolak"
    GRANTED = "granted", "Percobaan tambahan diberikan"


class RulingOrigin(models.TextChoices):
    RUBRIC = "rubric", "Dinilai dengan rubrik"
    DISPUTE = "dispute", "Diubah karena sanggahan"
    LATE = "late", "Jawaban diganti, dinilai baru"


class News(models.TextChoices):
    """What people decided about an attempt since its officer last opened the result."""

    MARKED = "marked", "Uraian Anda sudah dinilai"
    REPLIED = "replied", "Sanggahan Anda sudah dijawab"
    LATE_DECIDED = "late", "Jawaban terlambat Anda sudah ditinjau"
    RECOUNTED = "recounted", "Nilai Anda dihitung ulang"
