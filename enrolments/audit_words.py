"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "assignment.created": "menugaskan pelatihan",
        "assignment.exported": "mengunduh daftar penugasan",
        "assignment.viewed": "membuka penugasan",
        "assignment.withdrawn": "mencabut penugasan",
        "completion.corrected": "mengoreksi nilai penyelesaian pelatihan",
        "completion.withdrawn": "mengoreksi penyelesaian pelatihan: belum selesai",
        "course.completed": "menyelesaikan pelatihan",
        "duty.asked_again": "meminta mengulang pelatihan karena kuis berubah",
        "enrolment.started": "memulai pelatihan",
        "item.reopened": "meminta mengulang satu bagian pelatihan",
        "messages.removed": "menghapus bukti pengingat yang sudah lewat masa simpan",
        "reminder.shared": "mengirim pengingat sendiri",
        "reminder_rules.changed": "mengubah jadwal atau jam tenang pengingat",
        "reminder_template.changed": "mengubah templat pesan",
        "reminders.viewed": "membuka daftar pengingat",
    }
)
