// Generated from tables.rs: the lists that redaction goes by, on the server and here. Do not edit by hand.

/** Names of secrets, without separators and in lower case: the documented ones and a few that mean the same. */
export const SECRET_KEYS = [
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

/** What may stand behind a secret's name. The value is then a form of the secret. */
export const KEY_FORMS = ["key", "value", "hash", "text"];

/** Only so many letters and digits at the end of a key are looked at; no name is longer. */
export const KEY_LETTERS = 64;

/** Fewest digits of a card number. */
export const CARD_MIN_DIGITS = 13;

/** Most digits of a card number. */
export const CARD_MAX_DIGITS = 19;

/** The shapes in which cards and people group the digits. */
export const CARD_SHAPES = [
  [4, 4, 4, 4],
  [8, 8],
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 4, 2],
  [4, 4, 4, 3],
  [4, 4, 4, 4, 3],
  [6, 13],
];

/** First and last prefix of each issuer's ranges, with the same number of digits, and the lengths in use. */
export const CARD_ISSUERS: readonly { first: number; last: number; lengths: readonly number[] }[] = [
  { first: 4, last: 4, lengths: [13, 16, 19] },
  { first: 51, last: 55, lengths: [16] },
  { first: 2221, last: 2720, lengths: [16] },
  { first: 34, last: 34, lengths: [15] },
  { first: 37, last: 37, lengths: [15] },
  { first: 36, last: 36, lengths: [14] },
  { first: 38, last: 39, lengths: [14, 16] },
  { first: 300, last: 305, lengths: [14, 16] },
  { first: 3528, last: 3589, lengths: [16, 17, 18, 19] },
  { first: 6011, last: 6011, lengths: [16, 17, 18, 19] },
  { first: 644, last: 649, lengths: [16, 17, 18, 19] },
  { first: 65, last: 65, lengths: [16, 17, 18, 19] },
  { first: 62, last: 62, lengths: [16, 17, 18, 19] },
  { first: 2200, last: 2204, lengths: [16] },
  { first: 5018, last: 5038, lengths: [16, 18, 19] },
  { first: 5893, last: 5893, lengths: [16, 18, 19] },
  { first: 6304, last: 6304, lengths: [16, 18, 19] },
  { first: 6759, last: 6759, lengths: [16, 18, 19] },
  { first: 6761, last: 6763, lengths: [16, 18, 19] },
];
