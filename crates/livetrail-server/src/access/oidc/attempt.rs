//! One attempt to sign in at the issuer, from the page's link to the issuer's answer.
//!
//! The browser keeps the attempt in a cookie; the server keeps nothing. State, nonce and PKCE verifier are derived from
//! the whole cookie. So they are bound to this browser, to the time and to the page that it returns to: an answer for
//! another cookie has another state.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// How long signing in at the issuer may take.
pub(crate) const ATTEMPT_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Longest cookie that is read.
const MAX_COOKIE_BYTES: usize = 4_000;
/// Longest address that an attempt returns to.
const MAX_RETURN_BYTES: usize = 2_000;
/// The pages that an attempt may return to.
const PAGES: [&str; 5] = ["/admin/activity", "/admin-session-logs", "/alerts", "/alerts/rules", "/"];

/// An attempt, as the cookie says it.
pub(crate) struct Attempt {
    cookie: String,
    return_to: String,
}

impl Attempt {
    /// An attempt that begins at `now` and returns to `return_to`, if that is a page of ours.
    pub(super) fn begin(random: [u8; 32], now: Timestamp, return_to: Option<&str>) -> Self {
        let return_to = return_to.filter(|path| is_own_page(path)).unwrap_or(PAGES[0]).to_owned();
        let [secret, page] = [&random[..], return_to.as_bytes()].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        Self { cookie: format!("{secret}.{}.{page}", now.as_second()), return_to }
    }

    /// Reads a cookie. An attempt that began too long ago is `None`.
    pub(super) fn read(cookie: &str, now: Timestamp) -> Option<Self> {
        let mut parts = Some(cookie).filter(|cookie| cookie.len() <= MAX_COOKIE_BYTES)?.split('.');
        let (secret, begun, page) = (parts.next()?, parts.next()?, parts.next()?);
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?;
        let begun = Timestamp::from_second(begun.parse().ok()?).ok()?;
        let return_to = String::from_utf8(URL_SAFE_NO_PAD.decode(page).ok()?).ok()?;
        let is_whole = secret.len() == 32 && parts.next().is_none() && is_own_page(&return_to);
        let lives = begun <= now && now < begun.checked_add(ATTEMPT_LIFE).ok()?;
        (is_whole && lives).then(|| Self { cookie: cookie.to_owned(), return_to })
    }

    /// The cookie that the browser keeps meanwhile.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Where the browser goes once it is signed in.
    pub(crate) fn return_to(&self) -> &str {
        &self.return_to
    }

    pub(super) fn state(&self) -> String {
        self.derive("livetrail 2026-11 oidc state")
    }

    pub(super) fn nonce(&self) -> String {
        self.derive("livetrail 2026-11 oidc nonce")
    }

    pub(super) fn code_verifier(&self) -> String {
        self.derive("livetrail 2026-11 oidc code verifier")
    }

    /// RFC 7636, method S256.
    pub(super) fn code_challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.code_verifier()))
    }

    /// Whether an answer's state is this attempt's; compared in a time that does not depend on where they differ.
    pub(super) fn has_state(&self, given: &str) -> bool {
        blake3::hash(given.as_bytes()) == blake3::hash(self.state().as_bytes())
    }

    fn derive(&self, context: &str) -> String {
        URL_SAFE_NO_PAD.encode(blake3::derive_key(context, self.cookie.as_bytes()))
    }
}

/// Whether an address is one of the pages, with or without a query: nothing that leads to another host.
fn is_own_page(address: &str) -> bool {
    let page = address.split_once('?').map_or(address, |(page, _)| page);
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#';
    PAGES.contains(&page) && address.len() <= MAX_RETURN_BYTES && address.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{Environment, Manual};
    use proptest::prelude::*;

    fn begun(return_to: Option<&str>) -> (Attempt, Timestamp) {
        let environment = Manual::new();
        (Attempt::begin(environment.random(), environment.now(), return_to), environment.now())
    }

    #[test]
    fn an_attempt_reads_back_from_its_cookie_for_ten_minutes() {
        let (attempt, now) = begun(Some("/admin/activity?q=ada"));
        let last = now + ATTEMPT_LIFE - SignedDuration::from_secs(1);
        let read = Attempt::read(attempt.cookie(), last).expect("it lives");
        assert_eq!((read.state(), read.nonce()), (attempt.state(), attempt.nonce()));
        assert_eq!(read.return_to(), "/admin/activity?q=ada");
        assert!(Attempt::read(attempt.cookie(), now + ATTEMPT_LIFE).is_none());
        assert!(Attempt::read(attempt.cookie(), now - SignedDuration::from_secs(1)).is_none());
    }

    #[test]
    fn what_is_derived_differs_by_purpose_and_by_every_part_of_the_cookie() {
        let (attempt, now) = begun(None);
        let derived = [attempt.state(), attempt.nonce(), attempt.code_verifier(), attempt.code_challenge()];
        assert!(derived.iter().all(|one| derived.iter().filter(|other| one == *other).count() == 1));
        let later =
            attempt.cookie().replace(&now.as_second().to_string(), &(now.as_second() - 1).to_string());
        assert!(!Attempt::read(&later, now).expect("a cookie").has_state(&attempt.state()));
        assert!(attempt.has_state(&attempt.state()));
    }

    #[test]
    fn an_attempt_returns_to_our_own_pages_only() {
        for address in ["/", "/admin/activity", "/admin/activity?q=a%20b&page=2", "/admin-session-logs?x"] {
            assert_eq!(begun(Some(address)).0.return_to(), address);
        }
        for address in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/admin/activity/../../api",
            "/api/session",
            "/admin/activity?q=\r\nSet-Cookie: a=b",
            "/?\\",
            "/admin/activity#token=x",
            "javascript:alert(1)",
            "/é",
        ] {
            assert_eq!(begun(Some(address)).0.return_to(), "/admin/activity", "{address:?}");
        }
    }

    proptest! {
        #[test]
        fn no_cookie_is_too_odd_to_read(cookie in "\\PC{0,200}|[A-Za-z0-9_.-]{0,300}") {
            let now = Manual::new().now();
            if let Some(read) = Attempt::read(&cookie, now) {
                prop_assert!(is_own_page(read.return_to()));
            }
        }
    }
}
