"""What every answer carries, and that one door alone takes a password."""

import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from organisation.models import Role
from tests.factories.organisation import OfficerFactory, RoleGrantFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")

PUBLIC_PAGES = ["/gaya/", "/masuk/", "/alamat-yang-tidak-ada/"]
PASSWORD = "empat kata acak panjang"


def _policy(response) -> dict[str, str]:
    directives = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in directives}


@pytest.fixture
def trainer(db):
    officer = OfficerFactory()
    RoleGrantFactory(user=officer.user, role=Role.TRAINER)
    return officer.user


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_our_pages_allow_nothing_that_is_not_named(db, client, path):
    policy = _policy(client.get(path))

    assert policy["default-src"] == "'none'"
    assert policy.keys() >= {
        "script-src",
        "style-src",
        "img-src",
        "font-src",
        "connect-src",
        "worker-src",
        "manifest-src",
        "form-action",
        "base-uri",
        "frame-ancestors",
    }
    assert not re.search(r"unsafe-|https?:|\*", " ".join(policy.values()))


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_every_script_of_our_pages_carries_the_nonce_of_that_answer(db, client, path):
    answer = client.get(path)

    allowed = _policy(answer)["script-src"]
    # A block of data is no script to the browser.
    for script in re.findall(r"<script(?! [^>]*application/json)[^>]*>", answer.content.decode()):
        nonce = re.search(r'nonce="([^"]+)"', script)
        assert nonce
        assert allowed == f"'nonce-{nonce[1]}'"
    assert "style=" not in answer.content.decode()
    assert "<style" not in answer.content.decode()


def test_the_cms_may_use_inline_elements_and_nothing_more(trainer, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client, trainer)

    answer = client.get("/admin/")

    policy = _policy(answer)
    assert answer.status_code == 200
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    others = " ".join(value for name, value in policy.items() if name not in ("script-src", "style-src"))
    assert not re.search(r"unsafe-|https?:|\*", others)
    assert policy["default-src"] == "'none'"


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_every_answer_carries_the_protective_headers(db, client, path):
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]
    assert "private" in headers["Cache-Control"]


def test_under_tls_browsers_are_told_to_stay_with_it(db, settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600

    answer = Client().get("/gaya/", secure=True)

    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def _parameterless(patterns, prefix: str = "/"):
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from _parameterless(pattern.url_patterns, route)
        elif not re.search(r"[<(\[\\]", route):
            yield route


def test_one_address_alone_signs_somebody_in_with_a_password(db):
    user = OfficerFactory().user
    user.set_password(PASSWORD)
    user.save()
    doors = set()

    for path in set(_parameterless(get_resolver().url_patterns)):
        client = Client(raise_request_exception=False)
        client.post(path, {"login": user.login, "username": user.login, "password": PASSWORD})
        if "_auth_user_id" in client.session:
            doors.add(path)

    assert doors == {"/masuk/"}


@pytest.mark.parametrize(
    "path",
    [
        "/admin/login/",
        "/admin/password_reset/",
        "/admin/password_reset/confirm/MQ/set-password/",
        "/_util/login/",
        "/_util/authenticate_with_password/1/1/",
        "/dokumen/authenticate_with_password/1/",
    ],
)
def test_the_password_doors_of_the_cms_lead_to_the_sign_in(db, client, path):
    for method in (client.get, client.post):
        answer = method(path)

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/masuk/")


def test_nobody_signs_up_by_themselves(db, client):
    signup_routes = [
        path for path in _parameterless(get_resolver().url_patterns) if "signup" in path or "daftar" in path
    ]

    for path in signup_routes:
        assert b'type="password"' not in client.get(path).content
