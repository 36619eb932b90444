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
