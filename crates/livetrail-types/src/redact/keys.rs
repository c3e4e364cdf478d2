//! Names of keys whose values are secret, whatever they are.

/// The standard names, without separators and in lower case.
const STANDARD: [&str; 18] = [
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
];

/// Names compared without case and separators: `API-Key`, `apiKey` and `api_key` are one.
#[derive(Debug, Clone, Default)]
pub(super) struct SecretKeys {
    names: Vec<String>,
    /// A bit for each letter that a name begins with, so that most keys need no comparison at all.
    initials: u32,
}

impl SecretKeys {
    pub(super) fn new(extra: impl IntoIterator<Item = String>) -> Self {
        let mut keys = Self::default();
        let extra = extra.into_iter().map(|name| plain(&name).collect());
        for name in STANDARD.map(str::to_owned).into_iter().chain(extra) {
            // A name of separators alone would stand for every other such name, and for the empty one.
            if let Some(initial) = name.chars().next() {
                keys.initials |= bit(initial);
                keys.names.push(name);
            }
        }
        keys
    }

    pub(super) fn contain(&self, key: &str) -> bool {
        if key.is_ascii() {
            self.contain_ascii(key)
        } else {
            self.names.iter().any(|name| plain(key).eq(name.chars()))
        }
    }

    /// The same for what nearly all keys are, by bytes.
    fn contain_ascii(&self, key: &str) -> bool {
        let letters = || key.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        let Some(initial) = letters().next() else { return false };
        let same = |name: &&String| name.as_bytes()[0] == initial && letters().eq(name.bytes());
        self.initials & bit(char::from(initial)) != 0 && self.names.iter().any(|name| same(&name))
    }
}

/// A name without its separators and in lower case.
fn plain(name: &str) -> impl Iterator<Item = char> {
    let separator = |c: &char| c.is_ascii() && !c.is_ascii_alphanumeric();
    name.chars().filter(move |c| !separator(c)).flat_map(char::to_lowercase)
}

/// Letters have a bit each, and whatever else a name may begin with shares one.
fn bit(initial: char) -> u32 {
    if initial.is_ascii_lowercase() { 1 << (initial as u32 - 'a' as u32) } else { 1 << 26 }
}
