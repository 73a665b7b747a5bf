"""Settings of the newsroom: one file, safe by default.

Everything that differs between two installations is an environment variable, or a line in
``var/newsroom.env``; docs/operations.md lists them all.
"""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from js_asset import static_lazy

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
ENV_FILE = VAR_DIR / "newsroom.env"
VAR_DIR.mkdir(parents=True, exist_ok=True)
if ENV_FILE.exists():
    env.read_env(ENV_FILE)


def _secret_key():
    """The key of this installation: from the environment, else from a file made on first run."""
    if key := env("SECRET_KEY", default=""):
        return key
    path = VAR_DIR / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secret_key()

# Where readers find the site. Over plain HTTP only on this machine.
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
_site = urlsplit(SITE_URL)
ON_THIS_MACHINE = _site.hostname in {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname])
if ON_THIS_MACHINE:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "newsroom.apps.NewsroomConfig",
    "fronts",
    "articles",
    "authors",
    "prose",
    "images",
    "addresses",
    "taggit",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "newsroom.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "newsroom.logs.numbered",
    "newsroom.middleware.head_without_body",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.middleware.Compressed",
    "newsroom.middleware.closed_while_upgrading",
    "newsroom.middleware.language_from_path",
    "newsroom.middleware.public_headers",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "addresses.middleware.forward_old_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Before messages, which are put into words while the answer leaves.
    "newsroom.middleware.desk_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "newsroom.middleware.load_chrome",
    "newsroom.signing_in.middleware.second_factor_first",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

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
                "csp.context_processors.nonce",
                "newsroom.context_processors.site",
            ],
        },
    },
]

# Databases: SQLite beside the code, PostgreSQL by DATABASE_URL.
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'newsroom.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What all workers must know of each other, such as failed tries to sign in: Redis where there is
# one, else a table that migrate makes. Large, for a full one would forget who tried what.
REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "newsroom",
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "newsroom_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "authors.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Signing in: django-allauth, with what is ours to decide in newsroom.signing_in.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "newsroom.signing_in.accounts.Accounts"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "newsroom.signing_in.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# Passwords are counted by newsroom.signing_in.throttling; this is for codes of the second factor.
ACCOUNT_RATE_LIMITS = {"login": None, "reauthenticate": None, "login_failed": "5/5m/key"}
ACCOUNT_SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "newsroom.signing_in.accounts.SecondFactor"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "newsroom.signing_in.forms.FirstCodeForm",
    "authenticate": "newsroom.signing_in.forms.CodeForm",
    "reauthenticate": "newsroom.signing_in.forms.CodeAgainForm",
}
MFA_TOTP_TOLERANCE = 1
# How many of our own proxies write into X-Forwarded-For; without one nobody's word counts.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("ALLAUTH_TRUSTED_PROXY_COUNT", default=0)

# Languages of the site: the first stands at the root, the others below their code. They and the
# time zone are fixed at installation, because addresses hang on them.
LANGUAGES = [
    (code, LANG_INFO[code]["name_local"] if code in LANG_INFO else code)
    for code in env.list("LANGUAGES", default=["en", "ru"])
]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Bishkek")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Pictures: originals are never public; what readers get is drawn from them and served by a view.
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
# An internal location of the web server before us that sends them (X-Accel-Redirect).
SENDFILE_PREFIX = env("SENDFILE_PREFIX", default="")
# Backups are sealed with the first line of this file; without one they can be read by whoever has them.
BACKUP_PASSPHRASE_FILE = env("BACKUP_PASSPHRASE_FILE", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 31536000 if not DEBUG else 0
WHITENOISE_MANIFEST_STRICT = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "jpg", "gz", "br"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# The editor: extensions of our own, and of the package's those that they take the place of.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("desk/prose.js"), static_lazy("desk/paste.js")],
        "extensions": dict.fromkeys(
            "Cite LibraryFigure Speaker PullQuote Languages Manners Pasting Fullscreen".split(),
            "prose.fields.nothing_to_allow",
        ),
    }
]

# Headers
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "newsroom.views.csrf_failed"
if _site.scheme == "https":
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=63072000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

HAS_MAIL = bool(env("EMAIL_URL", default=""))
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"newsroom@{_site.hostname}")
# Where messages of the desk go beside mail, as JSON: {"text": ...} and these fields.
WEBHOOK_URL = env("WEBHOOK_URL", default="")
WEBHOOK_FIELDS = env.json("WEBHOOK_FIELDS", default={})
WEBHOOK_TO = env("WEBHOOK_TO", default="")

# What is written, a line each; on a terminal for people, else for machines.
_on_a_terminal = sys.stderr is not None and sys.stderr.isatty()
LOG_FORMAT = env("LOG_FORMAT", default="plain" if DEBUG or _on_a_terminal else "json")
if LOG_FORMAT not in {"plain", "json"}:
    raise ImproperlyConfigured("LOG_FORMAT must be plain or json.")
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=not (DEBUG or _on_a_terminal))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "newsroom.logs.Plain"},
        "json": {"()": "newsroom.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {
        # In the place of Django's own, which mails cookies and forms too; see newsroom.failures.
        "django": {"handlers": [], "level": "NOTSET"},
        # What was not found has its line among the requests.
        "django.request": {"level": "ERROR"},
        "newsroom.requests": {"level": "INFO" if LOG_REQUESTS else "ERROR"},
    },
}

# Who is told of failed jobs and of faults; without any the administrators of the desk.
ADMINS = [(address, address) for address in env.list("ADMINS", default=[])]
# Opens /healthz?full=1 to whoever watches the machine.
HEALTH_TOKEN = env("HEALTH_TOKEN", default="")
