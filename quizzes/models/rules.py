"""How a quiz is given: the same columns on the page an author edits and on the version it is compiled to."""

from datetime import timedelta

from django.core.validators import MaxValueValidator
from django.db import models

from quizzes.choices import Layout
from quizzes.fields import ReviewMatrixField

LONGEST_WAIT = timedelta(days=31)


class DeliveryRules(models.Model):
    """When, how often and in which form a quiz is sat, and what its result shows."""

    opens_at = models.DateTimeField(
        "dibuka", null=True, blank=True, help_text="Kosong: sejak terbit. Personel melihatnya dalam zona satuannya."
    )
    closes_at = models.DateTimeField(
        "ditutup",
        null=True,
        blank=True,
        help_text="Kosong: tidak pernah. Percobaan yang sedang berjalan dikirim sendiri pada saat itu.",
    )
    max_attempts = models.PositiveSmallIntegerField("jumlah percobaan", default=3, help_text="0 berarti tanpa batas.")
    wait_minutes = models.PositiveIntegerField(
        "jeda antarpercobaan (menit)",
        default=0,
        validators=[MaxValueValidator(LONGEST_WAIT // timedelta(minutes=1))],
        help_text="Dihitung sejak percobaan terakhir dikirim. 60 = satu jam, 1440 = satu hari, 0 = tanpa jeda.",
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        "waktu (menit)", default=0, help_text="0 berarti tanpa batas."
    )
    shuffle_questions = models.BooleanField("acak urutan soal", default=True)
    shuffle_options = models.BooleanField("acak urutan pilihan", default=True)
    layout = models.CharField("tampilan soal", max_length=3, choices=Layout, default=Layout.ONE)
    forward_only = models.BooleanField(
        "tidak dapat kembali",
        default=False,
        help_text="Soal yang sudah dilewati tidak dapat dibuka lagi. Hanya untuk satu soal per halaman.",
    )
    wrong_penalty = models.PositiveSmallIntegerField(
        "pengurangan bila salah (%)",
        default=0,
        validators=[MaxValueValidator(100)],
        help_text="Untuk soal satu jawaban dan benar/salah. Soal yang tidak dijawab tidak dikurangi.",
    )
    review_options = ReviewMatrixField(
        "yang ditunjukkan kepada personel",
        help_text="Kunci tidak pernah meninggalkan server sebelum saatnya.",
    )
    pass_message = models.TextField(
        "pesan bila lulus", max_length=600, blank=True, help_text="Teks biasa di halaman hasil."
    )
    fail_message = models.TextField(
        "pesan bila belum lulus", max_length=600, blank=True, help_text="Teks biasa di halaman hasil."
    )

    class Meta:
        abstract = True
