"""Addresses of organisation: signing in, the own account, and SDM's pages about people and units.

django-allauth's views are mounted one by one: what is not here (sign-up, e-mail, password reset by mail)
does not exist.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from .models import ImportKind
from .views import account as own
from .views import activation, audit, handover, imports, people, roles, slips, units

OFFICERS = {"kind": ImportKind.OFFICERS}
UNITS = {"kind": ImportKind.UNITS}

urlpatterns = [
    path("masuk/", account.login, name="account_login"),
    path("masuk/faktor-kedua/", mfa.authenticate, name="mfa_authenticate"),
    path("masuk/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("keluar/", account.logout, name="account_logout"),
    path("aktivasi/", activation.activation, name="activation"),
    # the own account
    path("akun/", own.account, name="account"),
    path("akun/siapa-melihat/", own.who_saw, name="account-who-saw"),
    path("akun/unduh/", own.download, name="account-download"),
    path("akun/konfirmasi/", account.reauthenticate, name="account_reauthenticate"),
    path("akun/kata-sandi/", account.password_change, name="account_change_password"),
    path("akun/sesi/", own.Sessions.as_view(), name="usersessions_list"),
    path("akun/sesi/akhiri-lainnya/", own.end_other_sessions, name="account-end-other-sessions"),
    path("akun/sesi/<int:pk>/akhiri/", own.end_session, name="account-end-session"),
    path("akun/faktor-kedua/", mfa.index, name="mfa_index"),
    path("akun/faktor-kedua/konfirmasi/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("akun/faktor-kedua/aplikasi/pasang/", totp.activate_totp, name="mfa_activate_totp"),
    path("akun/faktor-kedua/aplikasi/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("akun/faktor-kedua/kode-cadangan/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("akun/faktor-kedua/kode-cadangan/buat/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("akun/faktor-kedua/kode-cadangan/unduh/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("akun/faktor-kedua/passkey/", own.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("akun/faktor-kedua/passkey/tambah/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("akun/faktor-kedua/passkey/konfirmasi/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("akun/faktor-kedua/passkey/<int:pk>/hapus/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    # people
    path("sdm/personel/", people.people, name="people"),
    path("sdm/personel/tambah/", people.add, name="person-add"),
    path("sdm/personel/impor/", imports.upload, OFFICERS, name="people-import"),
    path("sdm/personel/impor/templat.xlsx", imports.template, OFFICERS, name="people-import-template"),
    path("sdm/personel/impor/<uuid:uuid>/", imports.preview, OFFICERS, name="people-import-preview"),
    path("sdm/personel/<uuid:uuid>/", people.person, name="person"),
    path("sdm/personel/<uuid:uuid>/perbaiki/", people.correct, name="person-correct"),
    path("sdm/personel/<uuid:uuid>/mutasi/", people.change_posting, name="person-posting"),
    path("sdm/personel/<uuid:uuid>/lepas/", people.release, name="person-release"),
    path("sdm/personel/<uuid:uuid>/akun/", people.switch_account, name="person-account"),
    # the trail
    path("sdm/audit/", audit.trail, name="audit-trail"),
    # units
    path("sdm/satuan/", units.units, name="units"),
    path("sdm/satuan/impor/", imports.upload, UNITS, name="units-import"),
    path("sdm/satuan/impor/templat.xlsx", imports.template, UNITS, name="units-import-template"),
    path("sdm/satuan/impor/<uuid:uuid>/", imports.preview, UNITS, name="units-import-preview"),
    path("sdm/satuan/<int:pk>/", units.unit, name="unit"),
    path("sdm/satuan/<int:pk>/tambah/", units.add, name="unit-add"),
    path("sdm/satuan/<int:pk>/pindah/", units.move, name="unit-move"),
    path("sdm/satuan/<int:pk>/tutup/", units.close, name="unit-close"),
    # slips and roles
    path("sdm/slip/", slips.slips, name="slips"),
    path("sdm/serah-terima/", handover.handover, name="handover"),
    path("sdm/serah-terima/<int:pk>/batal/", handover.cancel, name="handover-cancel"),
    path("sdm/peran/", roles.roles, name="roles"),
    path("sdm/peran/<int:pk>/akhiri/", roles.end, name="role-end"),
]
