"""For a real installation: reads ``.env`` and stops at once when something it cannot guess is missing."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

environ.Env.read_env(Path(__file__).resolve().parents[2] / ".env")

from .base import *  # noqa: E402, F403
from .base import env  # noqa: E402


def required(name: str, hint: str) -> str:
    """Return the environment variable ``name``, or stop with a sentence that names it and says what to do."""
    value = env(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Variabel lingkungan {name} belum diisi. {hint} Contoh: .env.example.")
    return value


DEBUG = False
SECRET_KEY = required("SECRET_KEY", "Isi dengan paling sedikit 50 karakter acak.")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS", "Isi dengan nama server, dipisah koma.").split(",")]
SITE_URL = required("SITE_URL", "Isi dengan alamat lengkap yang dibuka orang, diawali https://.").rstrip("/")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("Variabel lingkungan SITE_URL harus diawali https://. Contoh: .env.example.")
WAGTAILADMIN_BASE_URL = SITE_URL
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A __Host- cookie cannot be planted by a neighbouring subdomain.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
# The CMS shows previews in a frame of our own origin; frame-ancestors and X-Frame-Options allow only that.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
