"""Signing in, in our words. What the forms do is django-allauth's; activation is our own."""

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from .. import sessions
from ..numbers import clean_login

CODE = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none", "spellcheck": "false"}
NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


def _reword(form: forms.Form, **labels: str) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)


def _ask_for_login(form: forms.Form) -> None:
    form.fields["login"].help_text = "8 angka NRP atau 18 angka NIP; spasi tidak apa-apa."
    form.fields["login"].widget.attrs.update(
        {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "text"}
    )


class SignInForm(account_forms.LoginForm):
    shared_device = forms.BooleanField(
        label="Ini perangkat bersama",
        help_text="Komputer jaga atau HP pinjaman: Anda keluar sendiri setelah 60 menit tidak dipakai.",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _reword(self, login="NRP/NIP", password="Kata sandi")  # noqa: S106 (a label)
        _ask_for_login(self)

    def clean_login(self) -> str:
        return clean_login(self.cleaned_data["login"])

    def login(self, request, redirect_url=None):
        shared = self.cleaned_data["shared_device"]
        request.session[sessions.SHARED] = shared
        response = super().login(request, redirect_url)
        if shared:
            # The cookie goes with the browser; the idle time is held by the middleware.
            request.session.set_expiry(0)
        return response


class ConfirmPasswordForm(account_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _reword(self, password="Kata sandi Anda")  # noqa: S106 (a label)


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _reword(
            self, oldpassword="Kata sandi sekarang", password1="Kata sandi baru", password2="Ulangi kata sandi baru"
        )
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean(self):
        cleaned = super(account_forms.PasswordVerificationMixin, self).clean()
        if _differ(cleaned):
            self.add_error("password2", "Kedua kata sandi tidak sama. Ketik ulang.")
        return cleaned


class SecondFactorForm(mfa_forms.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_code(self)


class ConfirmSecondFactorForm(mfa_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_code(self)


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _reword(self, code="Kode dari aplikasi")
        self.fields["code"].help_text = "6 angka yang sekarang tampil di aplikasi."
        self.fields["code"].widget.attrs.update(CODE, inputmode="numeric")


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _reword(self, name="Nama passkey", passwordless="Boleh masuk dengan passkey ini saja")
        self.fields["name"].help_text = "Misalnya HP pribadi."
        self.fields["passwordless"].help_text = "Perangkat akan meminta sidik jari, wajah, atau PIN."


class ActivationForm(forms.Form):
    """The printed slip: who, the code, and a password of one's own."""

    login = forms.CharField(label="NRP/NIP", max_length=40)
    code = forms.CharField(
        label="Kode pada slip",
        max_length=40,
        help_text="12 huruf dan angka. Huruf besar atau kecil dan tanda hubung tidak berpengaruh.",
        widget=forms.TextInput(attrs={**CODE, "autocomplete": "off", "autocapitalize": "characters"}),
    )
    password1 = forms.CharField(label="Kata sandi baru", strip=False, widget=NEW_PASSWORD)
    password2 = forms.CharField(label="Ulangi kata sandi baru", strip=False, widget=NEW_PASSWORD)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_login(self)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean(self):
        cleaned = super().clean()
        if _differ(cleaned):
            self.add_error("password2", "Kedua kata sandi tidak sama. Ketik ulang.")
        return cleaned


def _ask_for_code(form: forms.Form) -> None:
    _reword(form, code="Kode")
    form.fields["code"].help_text = "6 angka dari aplikasi, atau satu kode cadangan."
    form.fields["code"].widget.attrs.update(CODE)


def _differ(cleaned: dict | None) -> bool:
    first, second = (cleaned or {}).get("password1"), (cleaned or {}).get("password2")
    return bool(first and second and first != second)
