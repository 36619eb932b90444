"""Addresses of certificates."""

from django.urls import path

from .views import approvals, letterheads, officer, public, register, signing

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
    path("sdm/sertifikat/<str:public_id>/", register.detail, name="certificate-detail"),
    path("sdm/sertifikat/<str:public_id>/cabut/", register.ask_revocation, name="certificate-revoke"),
    path("sdm/persetujuan/", approvals.waiting_list, name="approvals"),
    path("sdm/persetujuan/<uuid:uuid>/", approvals.decide, name="approval"),
]
