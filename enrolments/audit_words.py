"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "assignment.created": "menugaskan pelatihan",
        "assignment.undone": "membatalkan penugasan yang keliru",
        "assignment.viewed": "membuka penugasan",
        "assignment.withdrawn": "mencabut penugasan",
        "assignment.work_finished": "selesai menjalankan penugasan besar",
        "completion.holder_corrected": "mengoreksi nama, pangkat, atau satuan pada penyelesaian",
        "completion.corrected": "mengoreksi nilai penyelesaian pelatihan",
        "completion.withdrawn": "mengoreksi penyelesaian pelatihan: belum selesai",
        "course.completed": "menyelesaikan pelatihan",
        "duty.asked_again": "meminta mengulang pelatihan karena kuis berubah",
        "duty.ended_by_move": "mengakhiri kewajiban karena pindah tugas",
        "duty.opened_by_move": "memberi kewajiban karena tempat tugas",
        "duty.renewed": "memberi kewajiban untuk memperbarui pelatihan",
        "enrolment.started": "memulai pelatihan",
        "jp_target.set": "mencatat target JP",
        "item.reopened": "meminta mengulang satu bagian pelatihan",
        "path.completed": "menyelesaikan jalur pembelajaran",
        "path.completion_withdrawn": "mengoreksi penyelesaian jalur: belum selesai",
        "path_order.viewed": "membuka penugasan jalur",
        "recognition.approved": "menyetujui pengakuan pelatihan di luar",
        "recognition.list_viewed": "membuka daftar pengakuan pelatihan",
        "recognition.viewed": "membuka pengakuan pelatihan",
        "recognition.withdrawn": "mencabut pengakuan pelatihan di luar",
        "relief.approved": "menyetujui pengecualian, penundaan, atau jeda",
        "relief.document_opened": "membuka dokumen pengecualian, penundaan, atau jeda",
        "relief.ended": "mengakhiri pengecualian atau jeda lebih awal",
        "relief.list_viewed": "membuka daftar pengecualian dan jeda",
        "relief.ran_out": "pengecualian berakhir",
        "relief.viewed": "membuka pengecualian, penundaan, atau jeda",
        "relief.withdrawn": "mencabut pengecualian, penundaan, atau jeda",
        "messages.removed": "menghapus bukti pengingat yang sudah lewat masa simpan",
        "reminder.shared": "mengirim pengingat sendiri",
        "reminder_rules.changed": "mengubah jadwal atau jam tenang pengingat",
        "reminder_template.changed": "mengubah templat pesan",
        "reminders.viewed": "membuka daftar pengingat",
    }
)
