"""Addresses of certificates."""

from django.urls import path

from .views import approvals, letterheads, life, lists, mass, officer, public, register

urlpatterns = [
    path("sertifikat/", officer.my_certificates, name="my-certificates"),
    path("sertifikat/<str:public_id>.pdf", officer.download, name="certificate-file"),
    path("verifikasi/", public.start, name="verify-start"),
    path("verifikasi/berkas/", public.find_by_file, name="verify-find"),
    path("verifikasi/<str:public_id>/", public.verify, name="verify"),
    path("verifikasi/<str:public_id>/nomor/", public.verify_number, name="verify-number"),
    path("verifikasi/<str:public_id>/berkas/", public.verify_file, name="verify-file"),
    path("sdm/sertifikat/", register.register, name="certificate-register"),
    path("sdm/sertifikat/ekspor.xlsx", register.export, {"kind": "xlsx"}, name="certificate-xlsx"),
    path("sdm/sertifikat/ekspor.csv", register.export, {"kind": "csv"}, name="certificate-csv"),
    path("sdm/sertifikat/kop/", letterheads.letterhead_list, name="letterheads"),
    path("sdm/sertifikat/kop/<int:pk>/", letterheads.letterhead_edit, name="letterhead-edit"),
    path("sdm/sertifikat/kop/<int:pk>/pratinjau.png", letterheads.letterhead_picture, name="letterhead-picture"),
    path("sdm/sertifikat/berakhir/", lists.expiring_list, name="certificates-expiring"),
    path("sdm/sertifikat/berakhir/ekspor.<str:kind>", lists.expiring_export, name="certificates-expiring-export"),
    path("sdm/sertifikat/dicabut/", lists.ended_list, name="certificates-ended"),
    path("sdm/sertifikat/dicabut/ekspor.<str:kind>", lists.ended_export, name="certificates-ended-export"),
    path("sdm/sertifikat/belum/", lists.missing_list, name="certificates-missing"),
    path("sdm/sertifikat/belum/ekspor.<str:kind>", lists.missing_export, name="certificates-missing-export"),
    path("sdm/sertifikat/belum/<uuid:uuid>/", life.ask_grant, name="certificate-grant"),
    path("sdm/sertifikat/belum/terbitkan/", mass.issue, name="certificates-issue"),
    path("sdm/sertifikat/massal/", mass.overview, name="certificates-mass"),
    path("sdm/sertifikat/massal/zip/", mass.zip_file, name="certificates-zip"),
    path("sdm/sertifikat/massal/kirim/", mass.send, name="certificates-send"),
    path("sdm/sertifikat/massal/cetak/", mass.bind, name="certificates-print"),
    path("sdm/sertifikat/pekerjaan/<uuid:uuid>/", mass.work, name="certificate-work"),
    path("sdm/sertifikat/pekerjaan/<uuid:uuid>/<int:number>.pdf", mass.print_file, name="certificate-print-file"),
    path("sdm/sertifikat/<str:public_id>/", register.detail, name="certificate-detail"),
    path("sdm/sertifikat/<str:public_id>/riwayat.<str:kind>", register.export_timeline, name="certificate-timeline"),
    path("sdm/sertifikat/<str:public_id>/cabut/", life.ask_revocation, name="certificate-revoke"),
    path("sdm/sertifikat/<str:public_id>/koreksi/", life.ask_correction, name="certificate-correct"),
    path("sdm/sertifikat/<str:public_id>/terbit-ulang/", life.ask_reissue, name="certificate-reissue"),
    path("sdm/persetujuan/", approvals.waiting_list, name="approvals"),
    path("sdm/persetujuan/<uuid:uuid>/", approvals.decide, name="approval"),
    path("sdm/persetujuan/<uuid:uuid>/dokumen/", life.document, name="approval-document"),
]
