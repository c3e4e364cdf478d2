//! The lists that redaction goes by. The SDKs have the same lists, which are generated from this file.

/// Names of secrets, without separators and in lower case: the documented ones and a few that mean the same.
pub(crate) const SECRET_KEYS: [&str; 29] = [
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
];

/// What may stand behind a secret's name. The value is then a form of the secret.
pub(crate) const KEY_FORMS: [&str; 4] = ["key", "value", "hash", "text"];

/// Only so many letters and digits at the end of a key are looked at; no name is longer.
pub(crate) const KEY_LETTERS: usize = 64;

/// Fewest digits of a card number.
pub(crate) const CARD_MIN_DIGITS: usize = 13;

/// Most digits of a card number.
pub(crate) const CARD_MAX_DIGITS: usize = 19;

/// The shapes in which cards and people group the digits.
pub(crate) const CARD_SHAPES: [&[usize]; 8] = [
    &[4, 4, 4, 4],
    &[8, 8],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 2],
    &[4, 4, 4, 3],
    &[4, 4, 4, 4, 3],
    &[6, 13],
];

/// First and last prefix of a range, with the same number of digits, and the lengths in use.
pub(crate) type CardIssuer = (u32, u32, &'static [usize]);

/// First and last prefix of each issuer's ranges, with the same number of digits, and the lengths in use.
pub(crate) const CARD_ISSUERS: [CardIssuer; 19] = [
    (4, 4, &[13, 16, 19]),           // Visa
    (51, 55, &[16]),                 // Mastercard
    (2221, 2720, &[16]),             // Mastercard
    (34, 34, &[15]),                 // American Express
    (37, 37, &[15]),                 // American Express
    (36, 36, &[14]),                 // Diners Club
    (38, 39, &[14, 16]),             // Diners Club
    (300, 305, &[14, 16]),           // Diners Club
    (3528, 3589, &[16, 17, 18, 19]), // JCB
    (6011, 6011, &[16, 17, 18, 19]), // Discover
    (644, 649, &[16, 17, 18, 19]),   // Discover
    (65, 65, &[16, 17, 18, 19]),     // Discover
    (62, 62, &[16, 17, 18, 19]),     // UnionPay
    (2200, 2204, &[16]),             // Mir
    (5018, 5038, &[16, 18, 19]),     // Maestro
    (5893, 5893, &[16, 18, 19]),     // Maestro
    (6304, 6304, &[16, 18, 19]),     // Maestro
    (6759, 6759, &[16, 18, 19]),     // Maestro
    (6761, 6763, &[16, 18, 19]),     // Maestro
];
