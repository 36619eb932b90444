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
    """Names for three common reviews; ``openness.PRESETS`` says what each of them opens."""

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
