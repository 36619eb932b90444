"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "accommodation.approved": "menyetujui akomodasi kuis",
        "accommodation.list_viewed": "membuka daftar akomodasi",
        "analysis.exported": "mengunduh analisis soal",
        "answer.marked": "menilai jawaban uraian tanpa melihat nama",
        "answer.opened_to_mark": "membuka jawaban untuk dinilai tanpa melihat nama",
        "answers.purged": "menghapus jawaban yang sudah lewat masa simpan",
        "attempt.disputed": "mempertanyakan hasil kuis",
        "attempt.extended": "memperpanjang waktu percobaan karena gangguan",
        "attempt.granted": "memberi percobaan tambahan",
        "attempt.list_viewed": "membuka daftar percobaan kuis",
        "attempt.regraded": "menghitung ulang hasil kuis karena kunci soal diperbaiki",
        "attempt.set_aside": "tidak lagi menghitung percobaan karena kuis berubah",
        "attempt.started": "memulai percobaan kuis",
        "attempt.submitted": "mengirim percobaan kuis",
        "attempt.viewed": "membuka percobaan kuis",
        "bank.saved": "menyimpan soal ke bank",
        "dispute.answered": "menjawab sanggahan atas hasil kuis",
        "history.imported": "mengimpor hasil kuis lama",
        "history.list_viewed": "membuka daftar hasil kuis lama",
        "late_answer.accepted": "menerima jawaban terlambat",
        "late_answer.list_viewed": "membuka daftar jawaban terlambat",
        "late_answer.refused": "menolak jawaban terlambat",
        "late_answer.viewed": "membuka jawaban terlambat",
        "outage.ended": "mengakhiri gangguan",
        "outage.recorded": "mencatat gangguan",
        "questions.exported": "mengunduh soal beserta kuncinya",
        "questions.imported": "mengimpor soal",
        "quiz.compiled": "menerbitkan versi kuis",
        "quiz.imported": "mengimpor kuis",
        "quiz.key_corrected": "memperbaiki kunci soal",
        "quiz.resubmitted": "mengajukan kuis karena soal bank berubah",
        "redo.asked": "menentukan siapa yang mengulang kuis atau pelatihan yang berubah",
        "redo.ordered": "memerintahkan pengulangan kuis atau pelatihan yang berubah",
    }
)
