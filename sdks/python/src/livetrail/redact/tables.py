"""Generated from tables.rs: the lists that redaction goes by, on the server and here. Do not edit by hand."""

SECRET_KEYS = (
    "password",
    "passwd",
    "pwd",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "secret",
    "clientsecret",
    "authorization",
    "cookie",
    "setcookie",
    "apikey",
    "privatekey",
    "creditcard",
    "cardnumber",
    "cvv",
    "ssn",
    "cvc",
    "passphrase",
    "pgpassword",
    "secretaccesskey",
    "accountkey",
    "sharedaccesskey",
    "jsessionid",
    "phpsessid",
    "connectsid",
    "aspnetsessionid",
    "livetrailsession",
)
"""Names of secrets, without separators and in lower case: the documented ones and a few that mean the same."""

KEY_FORMS = ("key", "value", "hash", "text")
"""What may stand behind a secret's name. The value is then a form of the secret."""

KEY_LETTERS = 64
"""Only so many letters and digits at the end of a key are looked at; no name is longer."""

CARD_MIN_DIGITS = 13
"""Fewest digits of a card number."""

CARD_MAX_DIGITS = 19
"""Most digits of a card number."""

CARD_SHAPES = (
    (4, 4, 4, 4),
    (8, 8),
    (4, 6, 5),
    (4, 6, 4),
    (4, 4, 4, 2),
    (4, 4, 4, 3),
    (4, 4, 4, 4, 3),
    (6, 13),
)
"""The shapes in which cards and people group the digits."""

CARD_ISSUERS = (
    ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("36", "36", (14,)),
    ("38", "39", (14, 16)),
    ("300", "305", (14, 16)),
    ("3528", "3589", (16, 17, 18, 19)),
    ("6011", "6011", (16, 17, 18, 19)),
    ("644", "649", (16, 17, 18, 19)),
    ("65", "65", (16, 17, 18, 19)),
    ("62", "62", (16, 17, 18, 19)),
    ("2200", "2204", (16,)),
    ("5018", "5038", (16, 18, 19)),
    ("5893", "5893", (16, 18, 19)),
    ("6304", "6304", (16, 18, 19)),
    ("6759", "6759", (16, 18, 19)),
    ("6761", "6763", (16, 18, 19)),
)
"""First and last prefix of each issuer's ranges, with the same number of digits, and the lengths in use."""
