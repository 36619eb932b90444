"""Forms of organisation. Those of signing in are named in the settings (ACCOUNT_FORMS, MFA_FORMS)."""

from .sign_in import (
    ActivateTOTPForm,
    ActivationForm,
    AddPasskeyForm,
    ChangePasswordForm,
    ConfirmPasswordForm,
    ConfirmSecondFactorForm,
    SecondFactorForm,
    SignInForm,
)

__all__ = [
    "ActivateTOTPForm",
    "ActivationForm",
    "AddPasskeyForm",
    "ChangePasswordForm",
    "ConfirmPasswordForm",
    "ConfirmSecondFactorForm",
    "SecondFactorForm",
    "SignInForm",
]
