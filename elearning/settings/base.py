"""Settings that every environment shares. What differs stands in dev, demo, test and production."""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

INSTALLED_APPS = [
    "elearning",
    "reports",
    "certificates",
    "quizzes",
    "enrolments",
    "programmes",
    "courses",
    "organisation",
    "foundation",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "elearning.middleware.AreaPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organisation.middleware.SessionPolicyMiddleware",
    "organisation.middleware.SecondFactorMiddleware",
    "courses.middleware.RefusalMiddleware",
    "reports.middleware.StillCountingMiddleware",
]

ROOT_URLCONF = "elearning.urls"
WSGI_APPLICATION = "elearning.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "elearning.context_processors.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def sqlite(path: Path) -> dict:
    """Return a DATABASES entry for SQLite with the pragmas of TRUST.md §4."""
    return {
        "ENGINE": "foundation.sqlite",
        "NAME": path,
        # Each thread keeps its connection: opening one anew costs more than all queries of a save (decision 0018).
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # IMMEDIATE: the default DEFERRED turns most concurrent writes into "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def database(default_path: Path) -> dict:
    """Return the PostgreSQL entry of DATABASE_URL, or SQLite at ``default_path`` when it is not set."""
    if env("DATABASE_URL", default=""):
        entry = env.db("DATABASE_URL")
        # Statements are planned once for a connection and not for each request (decision 0018), and as a whole, however
        # many tables they join (decision 0023). Compiling them to machine code takes longer than most of them.
        planner = "-c join_collapse_limit=14 -c from_collapse_limit=14 -c geqo_threshold=16 -c jit=off"
        options = {"server_side_binding": True, "prepare_threshold": 3, "options": planner}
        return {
            **entry,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options | entry.get("OPTIONS", {}),
        }
    return sqlite(default_path)


VAR_DIR = Path(env("PRESISI_VAR", default=str(BASE_DIR / "var")))
DATABASES = {"default": database(VAR_DIR / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Media never has a public address: files are sent by views that ask the gate first.
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/berkas/"
PRIVATE_ROOT = VAR_DIR / "private"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# The seal on certificates (docs/operating.md): none, local (a key of our own in SEAL_DIR) or bsre (people sign).
SEAL_SIGNER = env("SEAL_SIGNER", default="none")
# systemd hands the worker alone what LoadCredential= names (docs/systemd/presisi-worker.service).
SEAL_DIR = env("SEAL_DIR", default="") or os.environ.get("CREDENTIALS_DIRECTORY") or VAR_DIR / "seal"
SEAL_PASSPHRASE_FILE = env("SEAL_PASSPHRASE_FILE", default="")
# RFC 3161; with the authority's roots (PEM) what proves the stamp for decades is put into the file too.
SEAL_TIMESTAMP_URL = env("SEAL_TIMESTAMP_URL", default="")
SEAL_TIMESTAMP_ROOTS = env("SEAL_TIMESTAMP_ROOTS", default="")

# The limiters of sign-in and verification count here; every web process must see the same counts.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["organisation.backends.AuthenticationBackend"]
# OWASP's minimum: Django's default of 100 MiB serves under two sign-ins a second on two cores.
PASSWORD_HASHERS = ["organisation.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "organisation.passwords.PasswordLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "organisation.passwords.LocalWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/masuk/"

ACCOUNT_ADAPTER = "organisation.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "organisation.forms.SignInForm",
    "reauthenticate": "organisation.forms.ConfirmPasswordForm",
    "change_password": "organisation.forms.ChangePasswordForm",
}
# The form asks whether the device is shared; organisation.sessions sets the lengths.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Keyed on the account; generous per address, because a training hall of 300 sits behind one.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "120/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "organisation.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "organisation.forms.SecondFactorForm",
    "reauthenticate": "organisation.forms.ConfirmSecondFactorForm",
    "activate_totp": "organisation.forms.ActivateTOTPForm",
    "add_webauthn": "organisation.forms.AddPasskeyForm",
}
# Phones' clocks differ: one step of 30 seconds either way.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Presisi Belajar"
USERSESSIONS_TRACK_ACTIVITY = False
# Held by organisation.middleware.SecondFactorMiddleware; only dev and demo settings turn it off.
STAFF_SECOND_FACTOR_REQUIRED = True

SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "organisation.session_store"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
}
# The CMS needs inline script and style elements and nothing more.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
WAGTAIL_SITE_NAME = "Presisi Belajar"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/masuk/"
WAGTAIL_FRONTEND_LOGIN_URL = "/masuk/"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
WAGTAIL_USER_TIME_ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_AUTOSAVE_INTERVAL = 10_000
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H.%M"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False, "GROUPS": False, "LOGIN": False}
WAGTAIL_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
# The end of the review workflow is the only way to publish; the form checks kinds by content.
WAGTAIL_FINISH_WORKFLOW_ACTION = "courses.workflow.publish_approved"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "courses.forms.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "txt", "csv", "vtt", "mp4"]
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILEMBEDS_FINDERS = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Whole sealed days older than this go with manage.py apply_retention; their seals stay.
AUDIT_RETENTION_DAYS = env.int("AUDIT_RETENTION_DAYS", default=730)
# Answers, their log and what was said about them go with it too; grade and completion stay.
ANSWER_RETENTION_DAYS = env.int("ANSWER_RETENTION_DAYS", default=730)
# Scans of letters behind an exemption, deferral or pause that nobody approved.
UNAPPROVED_DOCUMENT_RETENTION_DAYS = env.int("UNAPPROVED_DOCUMENT_RETENTION_DAYS", default=90)
# A notice leaves the notification centre before the proof of what was sent goes.
NOTICE_RETENTION_DAYS = env.int("NOTICE_RETENTION_DAYS", default=180)
MESSAGE_RETENTION_DAYS = env.int("MESSAGE_RETENTION_DAYS", default=730)
# Files of large reports; nobody fetches one after that even where it was not removed yet.
EXPORT_RETENTION_DAYS = env.int("EXPORT_RETENTION_DAYS", default=7)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
# Far below the outbox's lease: a mail server that says nothing must not have a mail taken for abandoned.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=30)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="presisi-belajar@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
