"""What the audit verbs of this room mean."""

from foundation.audit_words import names_verbs

names_verbs(
    {
        "account.activated": "mengaktifkan akun dengan slip",
        "account.disabled": "menonaktifkan akun",
        "account.enabled": "mengaktifkan kembali akun",
        "account.exported": "mengunduh data sendiri",
        "account.second_factor_reset": "menghapus faktor kedua yang hilang",
        "account.signed_in": "masuk",
        "account.sign_in_failed": "percobaan masuk yang tidak berhasil",
        "audit.exported": "mengunduh jejak audit",
        "audit.viewed": "membuka jejak audit",
        "officer.corrected": "memperbaiki nama, nomor, atau e-mail",
        "officer.created": "mencatat personel",
        "officer.viewed": "membuka catatan personel",
        "officers.exported": "mengunduh daftar personel",
        "officers.listed": "membuka daftar personel",
        "posting.changed": "mencatat mutasi atau perubahan penempatan",
        "posting.ended": "mengakhiri penempatan",
        "role.ended": "mengakhiri peran",
        "role.handed_over": "menyerahkan peran",
        "role.granted": "memberi peran",
        "roster.imported": "mengimpor daftar personel",
        "slip.issued": "menerbitkan slip aktivasi",
        "unit.closed": "menutup satuan",
        "unit.created": "mencatat satuan",
        "unit.edited": "mengubah data satuan",
        "unit.moved": "memindahkan satuan",
        "units.imported": "mengimpor daftar satuan",
    }
)
