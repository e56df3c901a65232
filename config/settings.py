"""The one settings module. The environment decides; `config.environment` says what it must hold."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import environment
from config.logs import logging_config

BASE_DIR = environment.BASE_DIR
VAR_DIR = environment.VAR_DIR
EMBEDDED = environment.is_embedded(os.environ)

env = environ.Env()
env.ENVIRON = environment.complete(os.environ)

# --- The institution: the one place that names it -----------------------------------------------

INSTITUTION = {
    "name": env("INSTITUTION_NAME", default="Imperial College London"),
    "address": env("INSTITUTION_ADDRESS", default="South Kensington Campus, London SW7 2AZ, UK"),
    "telephone": env("INSTITUTION_TELEPHONE", default="+44 (0)20 7589 5111"),
    "contact_email": env("INSTITUTION_CONTACT", default="ml-online-msc@imperial.ac.uk"),
    "service_name": env("SERVICE_NAME", default="Apply for an online master’s"),
    "theme_colour": env("INSTITUTION_THEME_COLOUR", default="#14234f"),
    "monogram": env("INSTITUTION_MONOGRAM", default="I"),
}

# --- Where it runs ------------------------------------------------------------------------------

SECRET_KEY = env("SECRET_KEY")
PUBLIC_URL = env("PUBLIC_URL").rstrip("/")
DEBUG = False
#: Demo pages (mailbox, sandbox payments, demo sign-ins) exist in the embedded default alone.
DEMO = EMBEDDED
_public = urlsplit(PUBLIC_URL)
_secure = _public.scheme == "https"
ALLOWED_HOSTS = [_public.hostname or "", *(["127.0.0.1", "localhost"] if EMBEDDED else [])]
ALLOWED_HOSTS += env.list("EXTRA_HOSTS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ROOT_URLCONF = env("PORTAL_URLCONF", default="config.urls")
WSGI_APPLICATION = "config.wsgi.application"
SITE_ID = 1

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "csp",
    "django_countries",
    "django_htmx",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "config",
    "foundation",
    "foundation.ui",
    "foundation.clock",
    "foundation.history",
    "foundation.accounts",
    "foundation.documents",
    "foundation.notifications",
    "programmes",
    "applicants",
    "referees",
    "admissions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.request_log.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.accounts.middleware.NoStoreMiddleware",
]

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
                "foundation.ui.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["ui"]
CRISPY_TEMPLATE_PACK = "ui"
CRISPY_FAIL_SILENTLY = False

# --- Database -----------------------------------------------------------------------------------

#: `owner` migrates and owns the tables; `app`, the default, can't change or remove an event.
DATABASE_ROLE = env("PORTAL_DATABASE_ROLE", default="app")
_database_url = (
    env("DATABASE_OWNER_URL", default=env("DATABASE_URL"))
    if DATABASE_ROLE == "owner"
    else env("DATABASE_URL")
)
APP_ROLE = urlsplit(env("DATABASE_URL")).username or ""
OWNER_ROLE = urlsplit(env("DATABASE_OWNER_URL", default="")).username or ""
DATABASES = {"default": env.db_url_config(_database_url)}
DATABASES["default"].update(
    {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
)
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options.setdefault("connect_timeout", 5)
if DATABASE_ROLE != "owner":
    # Pages read few rows of many tables: to compare every order of eight joins took ten times as
    # long as reading them in the order in which they are written.
    _options["options"] = (
        "-c statement_timeout=5s -c lock_timeout=3s -c jit=off -c join_collapse_limit=4"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: cache (rate limits) and Celery ------------------------------------------------------

REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # One more try for a connection that went stale, and no waiting in a page.
        "OPTIONS": {
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "retry": Retry(NoBackoff(), 1),
        },
        "KEY_PREFIX": "portal",
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the longest task; the two restore settings bring a dead worker's tasks back in seconds.
    "visibility_timeout": 180,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    # Publishing connects once and gives up: a page must not wait for a broker. Workers keep trying.
    "max_retries": 0,
    "interval_start": 0,
}
CELERY_TASK_DEFAULT_QUEUE = "bulk"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TIMEZONE = "UTC"

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
]
ACCOUNT_ADAPTER = "foundation.accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = None
ACCOUNT_FORMS = {
    "signup": "foundation.accounts.forms.SignupForm",
    "login": "foundation.accounts.forms.LoginForm",
    "reset_password": "foundation.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "foundation.accounts.forms.ResetPasswordKeyForm",
    "change_password": "foundation.accounts.forms.ChangePasswordForm",
    "add_email": "foundation.accounts.forms.ChangeEmailForm",
    "reauthenticate": "foundation.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_PREVENT_ENUMERATION = True
# One address per person, replaced when the new one is confirmed; the old one is told.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme
ACCOUNT_RATE_LIMITS = {
    # `ip` answers 429. `key` is the network address with the account for failed sign-ins (see the
    # adapter), so nobody locks another out; for mails, those over the limit are quietly not sent.
    "login": "60/m/ip",
    "login_failed": "20/m/ip,10/5m/key",
    "signup": "60/h/ip",
    "reset_password_page": "30/h/ip",
    "reset_password_mail": "5/h/key",
    "confirm_email": "2/m/key,6/h/key",
    "reauthenticate": "10/m/user",
}
PASSWORD_RESET_TIMEOUT = 60 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "foundation.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "foundation.accounts.forms.AuthenticateForm",
    "reauthenticate": "foundation.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "foundation.accounts.forms.ActivateForm",
}
# Clocks differ: the codes before and after count too. A used one counts no more (accounts.forms).
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = INSTITUTION["name"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:landing"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# --- Sessions, cookies, headers -----------------------------------------------------------------

# Two portals on one machine differ by their port, which cookies ignore: so the port is in the name.
_suffix = "" if _secure else f"_{_public.port or 80}"
_prefix = "__Host-" if _secure else ""
SESSION_COOKIE_NAME = f"{_prefix}portal_session{_suffix}"
CSRF_COOKIE_NAME = f"{_prefix}portal_csrf{_suffix}"
LANGUAGE_COOKIE_NAME = f"portal_language{_suffix}"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "foundation.accounts.sessions"
# Not in a cookie: there are two cookies, and a message can hold an address.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# Not no-referrer: Chromium would send `Origin: null`, and Django's CSRF check answers 403.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}
CSRF_FAILURE_VIEW = "foundation.ui.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": environment.storage(env("STORAGE_URL")),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CLAMD_SOCKET = env("CLAMD_SOCKET")
MAX_UPLOAD_BYTES = 10 * 1024 * 1024

# --- Mail ---------------------------------------------------------------------------------------

environ.Env.EMAIL_SCHEMES["mailbox"] = "foundation.notifications.mailbox.MailboxBackend"
EMAIL_CONFIG = env.email_url_config(env("EMAIL_URL"))
EMAIL_BACKEND = EMAIL_CONFIG.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 15
#: Where the mailbox of the embedded default keeps what it was given.
MAILBOX_DIR = VAR_DIR / "mailbox"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM")

# --- Money --------------------------------------------------------------------------------------

PAYMENT_PROVIDER = env("PAYMENT_PROVIDER")
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", default="")
SANDBOX_URL = env("SANDBOX_URL", default="")
SANDBOX_SECRET = env("SANDBOX_SECRET", default="")

# --- Policy: what an institution may set --------------------------------------------------------

UNDO_WINDOW_MINUTES = env.int("UNDO_WINDOW_MINUTES", default=0 if DEMO else 10)
APPLICATIONS_PER_CYCLE = env.int("APPLICATIONS_PER_CYCLE", default=2)
OFFER_REPLY_DAYS = env.int("OFFER_REPLY_DAYS", default=28)
FEE_GRACE_DAYS = env.int("FEE_GRACE_DAYS", default=14)
LETTER_GRACE_DAYS = env.int("LETTER_GRACE_DAYS", default=14)

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("INSTITUTION_TIME_ZONE", default="Europe/London")
FORMAT_MODULE_PATH = ["foundation.ui.formats"]

# --- Logs ---------------------------------------------------------------------------------------

LOGGING = logging_config(as_json=not (EMBEDDED and sys.stderr.isatty()))
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
