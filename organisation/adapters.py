"""How django-allauth behaves here: nobody signs up, the login is the NRP/NIP, one answer for every failure."""

import io

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from foundation import audit

from .models import User
from .numbers import clean_login
from .sessions import signed_in_recently

MISMATCH = "NRP/NIP atau kata sandi tidak cocok."
TOO_MANY = "Terlalu banyak percobaan. Tunggu 5 menit, lalu coba lagi."
WRONG_CODE = "Kode tidak cocok. Pakai kode terbaru yang tampil di aplikasi, atau satu kode cadangan."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": MISMATCH,
        "account_inactive": MISMATCH,
        "invalid_login": MISMATCH,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": "Kata sandi tidak cocok.",
        "enter_current_password": "Kata sandi yang sekarang tidak cocok.",
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials) -> User | None:
        """A disabled account gets the answer of a wrong password, and counts as one."""
        user = super().authenticate(request, **credentials)
        if user is None or user.is_active:
            return user
        self.pre_authenticate(request, **credentials)
        self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request, **credentials) -> None:
        # The same two statements whether the login exists or not: time must not tell either.
        user = User.objects.filter(login=clean_login(credentials.get("username", ""))).select_related("officer").first()
        audit.record(
            verb="account.sign_in_failed",
            actor=None,
            at=timezone.now(),
            obj=user,
            subject_id=user.officer_pk if user else None,
        )

    def respond_user_inactive(self, request, user):
        """Only a passkey gets here; it, too, must not tell that the account is disabled."""
        messages.error(request, "Kunci ini tidak dapat dipakai untuk masuk.")
        return redirect("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Signing in counts as fresh for ten minutes, not only confirming again (TRUST.md §2)."""
        return not signed_in_recently(self.request)

    def get_reauthentication_methods(self, user) -> list[dict]:
        words = {
            "reauthenticate": "Pakai kata sandi",
            "mfa_reauthenticate": "Pakai kode aplikasi atau kode cadangan",
            "mfa_reauthenticate:webauthn": "Pakai passkey",
        }
        return [{**method, "description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": "Faktor kedua tidak dapat dilepas.",
        "cannot_generate_recovery_codes": "Pasang aplikasi kode atau passkey dahulu.",
    }

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, border=3, light="white")
        return picture.getvalue().decode()

    def generate_authenticator_name(self, user, type) -> str:
        number = user.authenticator_set.filter(type=type).count() + 1
        return f"Passkey {number}"

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME
