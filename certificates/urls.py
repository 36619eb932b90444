"""Addresses of certificates."""

from django.urls import path

from .views import approvals, letterheads, numbers, officer, public, register, signing

urlpatterns = [
    path("sertifikat/", officer.my_certificates, name="my-certificates"),
    path("sertifikat/tte/", signing.waiting_signatures, name="signatures"),
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
    path("sdm/sertifikat/nomor/", numbers.series_list, name="number-series"),
    path("sdm/sertifikat/nomor/mulai/", numbers.begin, name="number-begin"),
    path("sdm/sertifikat/nomor/<int:pk>/", numbers.book_page, name="number-book"),
    path("sdm/sertifikat/nomor/<int:pk>/pesan/", numbers.reserve, name="number-reserve"),
    path("sdm/sertifikat/nomor/<int:pk>/batal/", numbers.cancel, name="number-cancel"),
    path("sdm/sertifikat/nomor/<int:pk>/buku.xlsx", numbers.export, {"kind": "xlsx"}, name="number-xlsx"),
    path("sdm/sertifikat/nomor/<int:pk>/buku.csv", numbers.export, {"kind": "csv"}, name="number-csv"),
    path("sdm/sertifikat/nomor/<int:pk>/buku-<int:part>.pdf", numbers.print_part, name="number-print"),
    path("sdm/sertifikat/<str:public_id>/beri-nomor/", numbers.give, name="certificate-number"),
    path("sdm/sertifikat/<str:public_id>/", register.detail, name="certificate-detail"),
    path("sdm/sertifikat/<str:public_id>/cabut/", register.ask_revocation, name="certificate-revoke"),
    path("sdm/persetujuan/", approvals.waiting_list, name="approvals"),
    path("sdm/persetujuan/<uuid:uuid>/", approvals.decide, name="approval"),
]
