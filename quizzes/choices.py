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
    PRACTICE = "practice", "Latihan"


class Difficulty(models.TextChoices):
    EASY = "easy", "Mudah"
    MEDIUM = "medium", "Sedang"
    HARD = "hard", "Sulit"


class Layout(models.TextChoices):
    ONE = "one", "Satu soal per halaman"
    ALL = "all", "Semua soal di satu halaman"


class ReviewWhen(models.TextChoices):
    """The moments of a review; ``openness.moment_of`` says which one it is."""

    DURING = "during", "Selama mengerjakan"
    AFTER = "after", "Segera sesudah dikirim"
    LATER = "later", "Dua menit sesudahnya"
    CLOSED = "closed", "Sesudah kuis ditutup"


class ReviewWhat(models.TextChoices):
    MARKS = "marks", "Nilai"
    CORRECTNESS = "correctness", "Tepat atau belum"
    ANSWER = "answer", "Jawaban yang benar"
    FEEDBACK = "feedback", "Umpan balik dan pembahasan"


class ReviewSetting(models.TextChoices):
    DURING = "during", "Segera setelah tiap jawaban"
    AFTER_SUBMIT = "after_submit", "Setelah dikirim"
    NEVER = "never", "Tidak pernah"


class AttemptEnd(models.TextChoices):
    SUBMITTED = "submitted", "Dikirim"
    TIMED_OUT = "timed_out", "Waktu habis"
    SET_ASIDE = "set_aside", "Dihentikan karena kuis diperbarui"


class RedoScope(models.TextChoices):
    NOBODY = "nobody", "Tidak ada"
    UNFINISHED = "unfinished", "Yang belum selesai"
    EVERYONE = "everyone", "Yang belum selesai, dan semua yang selesai sebelum suatu tanggal"


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
