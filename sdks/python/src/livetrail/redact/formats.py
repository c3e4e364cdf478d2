"""Credentials in the formats of well-known issuers.

Each has a prefix that its issuer chose so that such credentials can be found. The sources are the issuers' own
documentation of their token formats and the rules of secret scanners (GitHub secret scanning, gitleaks).
"""

import re

from .guess import unexplained

Range = tuple[int, int]

# The characters that may follow a prefix.
_ALNUM = r"A-Za-z0-9"
_UPPER = r"A-Z0-9"
_HEX = r"0-9a-f"
_WORD = r"A-Za-z0-9_"
_URL = r"A-Za-z0-9_-"
_DOTTED = r"A-Za-z0-9_.-"
_BASE64 = r"A-Za-z0-9_+/=-"
_SLACK = r"A-Za-z0-9_.%-"
_PATH = r"A-Za-z0-9_./:~%-"
# How many: at least so many; so many and none after them; so many that are hard to guess; at least so many behind an
# address, which stays.
_LEAST, _EXACTLY, _RANDOM, _PATH_OF = "least", "exactly", "random", "path"

_FORMATS = (
    ("1//0", _URL, _RANDOM, 30),  # Google refresh token
    ("ABIA", _UPPER, _EXACTLY, 16),  # AWS bearer token of STS
    ("ACCA", _UPPER, _EXACTLY, 16),  # AWS context-specific credential
    ("AGE-SECRET-KEY-1", _UPPER, _LEAST, 40),  # age identity
    ("AIza", _URL, _EXACTLY, 35),  # Google API key
    ("AKIA", _UPPER, _EXACTLY, 16),  # AWS access key id
    ("ASIA", _UPPER, _EXACTLY, 16),  # AWS temporary access key id
    ("ATATT3", _BASE64, _LEAST, 50),  # Atlassian API token
    ("ATBB", _ALNUM, _LEAST, 28),  # Bitbucket app password
    ("GOCSPX-", _URL, _LEAST, 20),  # Google OAuth client secret
    ("NRAK-", _UPPER, _EXACTLY, 27),  # New Relic user key
    ("PMAK-", _URL, _LEAST, 50),  # Postman API key
    ("SG.", _DOTTED, _LEAST, 50),  # SendGrid API key
    ("SK", _HEX, _EXACTLY, 32),  # Twilio API key
    ("api.telegram.org/bot", _PATH, _PATH_OF, 30),  # Telegram bot address
    ("api_org_", _ALNUM, _LEAST, 30),  # Hugging Face organisation token
    ("cio", _ALNUM, _EXACTLY, 32),  # crates.io token
    ("dapi", _HEX, _EXACTLY, 32),  # Databricks token
    ("dckr_oat_", _URL, _LEAST, 20),  # Docker organisation access token
    ("dckr_pat_", _URL, _LEAST, 20),  # Docker personal access token
    ("discord.com/api/webhooks/", _PATH, _PATH_OF, 30),  # Discord webhook
    ("discordapp.com/api/webhooks/", _PATH, _PATH_OF, 30),  # Discord webhook
    ("doo_v1_", _HEX, _LEAST, 40),  # DigitalOcean OAuth token
    ("dop_v1_", _HEX, _LEAST, 40),  # DigitalOcean personal access token
    ("dor_v1_", _HEX, _LEAST, 40),  # DigitalOcean refresh token
    ("dp.ct.", _ALNUM, _LEAST, 40),  # Doppler CLI token
    ("dp.pt.", _ALNUM, _LEAST, 40),  # Doppler personal token
    ("dp.sa.", _ALNUM, _LEAST, 40),  # Doppler service account token
    ("dp.st.", _DOTTED, _LEAST, 40),  # Doppler service token
    ("figd_", _URL, _LEAST, 40),  # Figma personal access token
    ("fo1_", _URL, _LEAST, 40),  # Fly.io token
    ("ghb_", _ALNUM, _LEAST, 30),  # GitHub (reserved)
    ("gho_", _ALNUM, _LEAST, 30),  # GitHub OAuth token
    ("ghp_", _ALNUM, _LEAST, 30),  # GitHub personal access token
    ("ghr_", _WORD, _LEAST, 30),  # GitHub refresh token
    ("ghs_", _DOTTED, _LEAST, 30),  # GitHub server-to-server token
    ("ghu_", _DOTTED, _LEAST, 30),  # GitHub user-to-server token
    ("github_pat_", _WORD, _LEAST, 22),  # GitHub fine-grained token
    ("glagent-", _DOTTED, _LEAST, 20),  # GitLab agent token
    ("glc_", _BASE64, _LEAST, 32),  # Grafana Cloud token
    ("glcbt-", _DOTTED, _LEAST, 16),  # GitLab CI job token
    ("gldt-", _DOTTED, _LEAST, 16),  # GitLab deploy token
    ("glffct-", _DOTTED, _LEAST, 16),  # GitLab feature flags client token
    ("glft-", _DOTTED, _LEAST, 16),  # GitLab feed token
    ("glimt-", _DOTTED, _LEAST, 16),  # GitLab incoming mail token
    ("gloas-", _DOTTED, _LEAST, 20),  # GitLab OAuth application secret
    ("glpat-", _DOTTED, _LEAST, 16),  # GitLab personal access token
    ("glptt-", _DOTTED, _LEAST, 20),  # GitLab pipeline trigger token
    ("glrt-", _DOTTED, _LEAST, 16),  # GitLab runner token
    ("glsa_", _WORD, _LEAST, 32),  # Grafana service account token
    ("glsoat-", _DOTTED, _LEAST, 16),  # GitLab SCIM token
    ("gsk_", _ALNUM, _LEAST, 40),  # Groq API key
    ("hf_", _ALNUM, _LEAST, 30),  # Hugging Face token
    ("hooks.slack.com/services/", _PATH, _PATH_OF, 20),  # Slack webhook
    ("hooks.slack.com/triggers/", _PATH, _PATH_OF, 20),  # Slack workflow webhook
    ("hooks.slack.com/workflows/", _PATH, _PATH_OF, 20),  # Slack workflow webhook
    ("hooks.zapier.com/hooks/catch/", _PATH, _PATH_OF, 8),  # Zapier webhook
    ("hvb.", _URL, _LEAST, 24),  # HashiCorp Vault batch token
    ("hvr.", _URL, _LEAST, 24),  # HashiCorp Vault recovery token
    ("hvs.", _URL, _LEAST, 24),  # HashiCorp Vault service token
    ("key-", _HEX, _EXACTLY, 32),  # Mailgun API key
    ("lin_api_", _ALNUM, _LEAST, 30),  # Linear API key
    ("lin_oauth_", _ALNUM, _LEAST, 30),  # Linear OAuth token
    ("lt_", _URL, _LEAST, 43),  # Livetrail's API keys, sign-in links and tickets
    ("nfp_", _ALNUM, _LEAST, 32),  # Netlify token
    ("npm_", _ALNUM, _LEAST, 30),  # npm access token
    ("ntn_", _ALNUM, _LEAST, 40),  # Notion integration token
    ("phc_", _ALNUM, _LEAST, 40),  # PostHog project key
    ("phx_", _ALNUM, _LEAST, 40),  # PostHog personal key
    ("pplx-", _ALNUM, _LEAST, 40),  # Perplexity API key
    ("pscale_oauth_", _URL, _LEAST, 30),  # PlanetScale OAuth token
    ("pscale_pw_", _URL, _LEAST, 30),  # PlanetScale password
    ("pscale_tkn_", _URL, _LEAST, 30),  # PlanetScale service token
    ("pypi-", _URL, _LEAST, 50),  # PyPI token
    ("r8_", _ALNUM, _LEAST, 30),  # Replicate API token
    ("rk_live_", _ALNUM, _LEAST, 16),  # Stripe restricted key
    ("rk_test_", _ALNUM, _LEAST, 16),  # Stripe restricted key of test mode
    ("rubygems_", _HEX, _LEAST, 40),  # RubyGems API key
    ("sb_secret_", _URL, _LEAST, 20),  # Supabase secret key
    ("sbp_", _HEX, _LEAST, 40),  # Supabase access token
    ("secret_", _ALNUM, _EXACTLY, 43),  # Notion internal integration secret
    ("shpat_", _HEX, _LEAST, 32),  # Shopify access token
    ("shpca_", _HEX, _LEAST, 32),  # Shopify custom app token
    ("shppa_", _HEX, _LEAST, 32),  # Shopify private app token
    ("shpss_", _HEX, _LEAST, 32),  # Shopify shared secret
    ("sk-", _URL, _RANDOM, 20),  # OpenAI (sk-, sk-proj-), Anthropic (sk-ant-), OpenRouter (sk-or-)
    ("sk_live_", _ALNUM, _LEAST, 16),  # Stripe secret key
    ("sk_test_", _ALNUM, _LEAST, 16),  # Stripe secret key of test mode
    ("sl.", _URL, _LEAST, 100),  # Dropbox access token
    ("sntrys_", _BASE64, _LEAST, 40),  # Sentry organisation token
    ("sntryu_", _HEX, _LEAST, 40),  # Sentry user token
    ("sq0atp-", _URL, _LEAST, 22),  # Square access token
    ("sq0csp-", _URL, _LEAST, 40),  # Square OAuth secret
    ("tskey-", _URL, _LEAST, 20),  # Tailscale key
    ("whsec_", _BASE64, _LEAST, 24),  # Stripe and Svix webhook secret
    ("xai-", _ALNUM, _LEAST, 40),  # xAI API key
    ("xapp-", _URL, _LEAST, 20),  # Slack app-level token
    ("xkeysib-", _URL, _LEAST, 60),  # Brevo API key
    ("xoxa-", _SLACK, _LEAST, 10),  # Slack workspace token
    ("xoxb-", _SLACK, _LEAST, 10),  # Slack bot token
    ("xoxe", _SLACK, _RANDOM, 20),  # Slack configuration tokens (xoxe-, xoxe.xoxp-)
    ("xoxp-", _SLACK, _LEAST, 10),  # Slack user token
    ("xoxs-", _SLACK, _LEAST, 10),  # Slack legacy session token
    ("ya29.", _URL, _LEAST, 20),  # Google OAuth access token
)
_BY_PREFIX = {
    prefix: (
        tail,
        least,
        # A look at the shortest tail comes first, so that a text of prefixes alone costs no more than its length.
        re.compile(f"[{of}]{{{least}}}" + (f"(?![A-Za-z0-9{of}])" if tail == _EXACTLY else "")),
        re.compile(f"[{of}]*"),
        re.compile(f"[{of}]{{0,64}}"),
    )
    for prefix, of, tail, least in _FORMATS
}


def _tree(prefixes: list[str]) -> str:
    """A pattern of the prefixes that looks at each letter once."""
    if "" in prefixes:
        return ""
    first = dict.fromkeys(prefix[0] for prefix in prefixes)
    branches = (
        re.escape(letter) + _tree([prefix[1:] for prefix in prefixes if prefix[0] == letter]) for letter in first
    )
    return "(?:" + "|".join(branches) + ")" if len(first) > 1 else "".join(branches)


PREFIX = _tree([prefix for prefix, *_ in _FORMATS])
"""Where a credential may begin, behind anything but a letter or digit."""

_PREFIX = re.compile(PREFIX)
_TELEGRAM_ID = range(8, 11)
_TELEGRAM_TAIL = re.compile(r"AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])")
_TELEGRAM_DIGITS = 11
_BCRYPT = re.compile(r"\$2[abxy]\$[0-9]{2}\$[A-Za-z0-9./]{50,}")
_ARGON2 = re.compile(r"\$argon2[A-Za-z0-9$+/=,]{40,}")
_AWS_ID_BYTES = 20
_AWS_RUN = re.compile(r"[A-Za-z0-9/+]+")
_AWS_SECRET = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9]).{40}\Z")


def at(text: str, start: int) -> Range | None:
    """A credential whose prefix begins here."""
    match = _PREFIX.match(text, start)
    if match is None:
        return None
    tail, least, shortest, all_, enough = _BY_PREFIX[match.group()]
    found = shortest.match(text, match.end())
    if not found:
        return None
    if tail == _RANDOM and unexplained(_run(enough, text, match.end())) < least // 2:
        return None
    end = found.end() if tail == _EXACTLY else match.end() + len(_run(all_, text, match.end()))
    while end > match.end() + least and text[end - 1] == ".":
        end -= 1
    return match.end() if tail == _PATH_OF else start, end


def telegram(text: str, colon: int, floor: int) -> Range | None:
    """A Telegram bot token around this colon."""
    tail = _TELEGRAM_TAIL.match(text, colon + 1)
    if tail is None:
        return None
    start = colon
    while start > max(floor, colon - _TELEGRAM_DIGITS) and text[start - 1] in "0123456789":
        start -= 1
    is_id = colon - start in _TELEGRAM_ID and text[max(0, start - 1) : start] not in tuple("0123456789")
    return (start, tail.end()) if is_id else None


def password_hash(text: str, start: int) -> Range | None:
    """A hash of a password: bcrypt's (`$2b$…`) or Argon2's (`$argon2id$…`)."""
    match = _BCRYPT.match(text, start)
    if match is None:
        match = _ARGON2.match(text, start)
        return match and match.span()
    end = match.end()
    while end > match.start() + 57 and text[end - 1] == ".":
        end -= 1
    return start, end


def is_aws_id(secret: str) -> bool:
    """Whether a secret is an AWS access key id, which a secret access key may stand beside."""
    return secret.startswith(("AKIA", "ASIA")) and len(secret.encode()) == _AWS_ID_BYTES


def aws_secrets(text: str, start: int, end: int) -> list[Range]:
    """The AWS secret access keys between: 40 characters of base64 with capitals, small letters and digits."""
    return [match.span() for match in _AWS_RUN.finditer(text, start, end) if _AWS_SECRET.match(match.group())]


def _run(pattern: re.Pattern[str], text: str, start: int) -> str:
    match = pattern.match(text, start)
    return match.group() if match else ""
