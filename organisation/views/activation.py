"""First sign-in, and the way back for who forgot the password: the printed slip."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from foundation import limits

from ..adapters import TOO_MANY
from ..exceptions import ActivationRefused
from ..forms import ActivationForm
from ..numbers import clean_login
from ..services import activate

TRIES, WINDOW = 5, 300


@sensitive_post_parameters("code", "password1", "password2")
@never_cache
def activation(request):
    if request.user.is_authenticated:
        return redirect("/")
    form = ActivationForm(request.POST or None, initial={"login": request.GET.get("nrp", "")})
    if request.method == "POST" and form.is_valid():
        user = _activate(form)
        if user:
            return perform_password_login(request, {"username": user.login}, Login(user=user))
    return render(request, "organisation/activation.html", {"form": form})


def _activate(form: ActivationForm):
    """The person whose slip it was, or None with the reason on the form."""
    login = clean_login(form.cleaned_data["login"])
    tries = f"activation:{login}"
    if not limits.hit(tries, limit=TRIES, seconds=WINDOW):
        form.add_error(None, TOO_MANY)
        return None
    try:
        user = activate(
            login=login,
            code=form.cleaned_data["code"],
            password=form.cleaned_data["password1"],
            at=timezone.now(),
        )
    except ActivationRefused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refused:
        # Only reached with the right code, so these tries do not count against the person.
        limits.forget(tries)
        form.add_error("password1", refused)
    else:
        limits.forget(tries)
        return user
    return None
