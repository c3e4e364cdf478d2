//! Credentials in the formats of well-known issuers.
//!
//! Each has a prefix that its issuer chose so that such credentials can be found. The sources are the issuers' own
//! documentation of their token formats and the rules of secret scanners (GitHub secret scanning, gitleaks).

use std::ops::Range;

use super::{guess, token};

/// The text after the prefix.
#[derive(Clone, Copy)]
enum Tail {
    /// At least so many characters.
    Least(usize),
    /// So many characters, and none of the kind after them.
    Exactly(usize),
    /// At least so many characters that are hard to guess, because the prefix is common in names.
    Random(usize),
    /// At least so many characters. The prefix is an address and stays.
    Path(usize),
}
use Tail::{Exactly, Least, Path, Random};

/// The characters that may follow.
type Class = fn(u8) -> bool;

/// In the order of the alphabet (ASCII), so that one look at the first letter finds the few that may fit.
const FORMATS: [(&str, Class, Tail); 104] = [
    ("1//0", token::is_base64url, Random(30)),     // Google refresh token
    ("ABIA", is_upper, Exactly(16)),               // AWS bearer token of STS
    ("ACCA", is_upper, Exactly(16)),               // AWS context-specific credential
    ("AGE-SECRET-KEY-1", is_upper, Least(40)),     // age identity
    ("AIza", token::is_base64url, Exactly(35)),    // Google API key
    ("AKIA", is_upper, Exactly(16)),               // AWS access key id
    ("ASIA", is_upper, Exactly(16)),               // AWS temporary access key id
    ("ATATT3", is_base64, Least(50)),              // Atlassian API token
    ("ATBB", is_alnum, Least(28)),                 // Bitbucket app password
    ("GOCSPX-", token::is_base64url, Least(20)),   // Google OAuth client secret
    ("NRAK-", is_upper, Exactly(27)),              // New Relic user key
    ("PMAK-", token::is_base64url, Least(50)),     // Postman API key
    ("SG.", is_dotted, Least(50)),                 // SendGrid API key
    ("SK", is_hex, Exactly(32)),                   // Twilio API key
    ("api.telegram.org/bot", is_path, Path(30)),   // Telegram bot address
    ("api_org_", is_alnum, Least(30)),             // Hugging Face organisation token
    ("cio", is_alnum, Exactly(32)),                // crates.io token
    ("dapi", is_hex, Exactly(32)),                 // Databricks token
    ("dckr_oat_", token::is_base64url, Least(20)), // Docker organisation access token
    ("dckr_pat_", token::is_base64url, Least(20)), // Docker personal access token
    ("discord.com/api/webhooks/", is_path, Path(30)), // Discord webhook
    ("discordapp.com/api/webhooks/", is_path, Path(30)), // Discord webhook
    ("doo_v1_", is_hex, Least(40)),                // DigitalOcean OAuth token
    ("dop_v1_", is_hex, Least(40)),                // DigitalOcean personal access token
    ("dor_v1_", is_hex, Least(40)),                // DigitalOcean refresh token
    ("dp.ct.", is_alnum, Least(40)),               // Doppler CLI token
    ("dp.pt.", is_alnum, Least(40)),               // Doppler personal token
    ("dp.sa.", is_alnum, Least(40)),               // Doppler service account token
    ("dp.st.", is_dotted, Least(40)),              // Doppler service token
    ("figd_", token::is_base64url, Least(40)),     // Figma personal access token
    ("fo1_", token::is_base64url, Least(40)),      // Fly.io token
    ("ghb_", is_alnum, Least(30)),                 // GitHub (reserved)
    ("gho_", is_alnum, Least(30)),                 // GitHub OAuth token
    ("ghp_", is_alnum, Least(30)),                 // GitHub personal access token
    ("ghr_", is_word, Least(30)),                  // GitHub refresh token
    ("ghs_", is_dotted, Least(30)),                // GitHub server-to-server token
    ("ghu_", is_dotted, Least(30)),                // GitHub user-to-server token
    ("github_pat_", is_word, Least(22)),           // GitHub fine-grained token
    ("glagent-", is_dotted, Least(20)),            // GitLab agent token
    ("glc_", is_base64, Least(32)),                // Grafana Cloud token
    ("glcbt-", is_dotted, Least(16)),              // GitLab CI job token
    ("gldt-", is_dotted, Least(16)),               // GitLab deploy token
    ("glffct-", is_dotted, Least(16)),             // GitLab feature flags client token
    ("glft-", is_dotted, Least(16)),               // GitLab feed token
    ("glimt-", is_dotted, Least(16)),              // GitLab incoming mail token
    ("gloas-", is_dotted, Least(20)),              // GitLab OAuth application secret
    ("glpat-", is_dotted, Least(16)),              // GitLab personal access token
    ("glptt-", is_dotted, Least(20)),              // GitLab pipeline trigger token
    ("glrt-", is_dotted, Least(16)),               // GitLab runner token
    ("glsa_", is_word, Least(32)),                 // Grafana service account token
    ("glsoat-", is_dotted, Least(16)),             // GitLab SCIM token
    ("gsk_", is_alnum, Least(40)),                 // Groq API key
    ("hf_", is_alnum, Least(30)),                  // Hugging Face token
    ("hooks.slack.com/services/", is_path, Path(20)), // Slack webhook
    ("hooks.slack.com/triggers/", is_path, Path(20)), // Slack workflow webhook
    ("hooks.slack.com/workflows/", is_path, Path(20)), // Slack workflow webhook
    ("hooks.zapier.com/hooks/catch/", is_path, Path(8)), // Zapier webhook
    ("hvb.", token::is_base64url, Least(24)),      // HashiCorp Vault batch token
    ("hvr.", token::is_base64url, Least(24)),      // HashiCorp Vault recovery token
    ("hvs.", token::is_base64url, Least(24)),      // HashiCorp Vault service token
    ("key-", is_hex, Exactly(32)),                 // Mailgun API key
    ("lin_api_", is_alnum, Least(30)),             // Linear API key
    ("lin_oauth_", is_alnum, Least(30)),           // Linear OAuth token
    ("lt_", token::is_base64url, Least(43)),       // Livetrail's API keys, sign-in links and tickets
    ("nfp_", is_alnum, Least(32)),                 // Netlify token
    ("npm_", is_alnum, Least(30)),                 // npm access token
    ("ntn_", is_alnum, Least(40)),                 // Notion integration token
    ("phc_", is_alnum, Least(40)),                 // PostHog project key
    ("phx_", is_alnum, Least(40)),                 // PostHog personal key
    ("pplx-", is_alnum, Least(40)),                // Perplexity API key
    ("pscale_oauth_", token::is_base64url, Least(30)), // PlanetScale OAuth token
    ("pscale_pw_", token::is_base64url, Least(30)), // PlanetScale password
    ("pscale_tkn_", token::is_base64url, Least(30)), // PlanetScale service token
    ("pypi-", token::is_base64url, Least(50)),     // PyPI token
    ("r8_", is_alnum, Least(30)),                  // Replicate API token
    ("rk_live_", is_alnum, Least(16)),             // Stripe restricted key
    ("rk_test_", is_alnum, Least(16)),             // Stripe restricted key of test mode
    ("rubygems_", is_hex, Least(40)),              // RubyGems API key
    ("sb_secret_", token::is_base64url, Least(20)), // Supabase secret key
    ("sbp_", is_hex, Least(40)),                   // Supabase access token
    ("secret_", is_alnum, Exactly(43)),            // Notion internal integration secret
    ("shpat_", is_hex, Least(32)),                 // Shopify access token
    ("shpca_", is_hex, Least(32)),                 // Shopify custom app token
    ("shppa_", is_hex, Least(32)),                 // Shopify private app token
    ("shpss_", is_hex, Least(32)),                 // Shopify shared secret
    ("sk-", token::is_base64url, Random(20)), // OpenAI (sk-, sk-proj-), Anthropic (sk-ant-), OpenRouter (sk-or-)
    ("sk_live_", is_alnum, Least(16)),        // Stripe secret key
    ("sk_test_", is_alnum, Least(16)),        // Stripe secret key of test mode
    ("sl.", token::is_base64url, Least(100)), // Dropbox access token
    ("sntrys_", is_base64, Least(40)),        // Sentry organisation token
    ("sntryu_", is_hex, Least(40)),           // Sentry user token
    ("sq0atp-", token::is_base64url, Least(22)), // Square access token
    ("sq0csp-", token::is_base64url, Least(40)), // Square OAuth secret
    ("tskey-", token::is_base64url, Least(20)), // Tailscale key
    ("whsec_", is_base64, Least(24)),         // Stripe and Svix webhook secret
    ("xai-", is_alnum, Least(40)),            // xAI API key
    ("xapp-", token::is_base64url, Least(20)), // Slack app-level token
    ("xkeysib-", token::is_base64url, Least(60)), // Brevo API key
    ("xoxa-", is_slack, Least(10)),           // Slack workspace token
    ("xoxb-", is_slack, Least(10)),           // Slack bot token
    ("xoxe", is_slack, Random(20)),           // Slack configuration tokens (xoxe-, xoxe.xoxp-)
    ("xoxp-", is_slack, Least(10)),           // Slack user token
    ("xoxs-", is_slack, Least(10)),           // Slack legacy session token
    ("ya29.", token::is_base64url, Least(20)), // Google OAuth access token
];

/// Where the formats of each first byte begin; those of the byte after it begin where they end.
const FIRST: [u8; 129] = first();

const fn first() -> [u8; 129] {
    let mut index = [0; 129];
    let (mut byte, mut at) = (0, 0);
    while byte < index.len() {
        while at < FORMATS.len() && (FORMATS[at].0.as_bytes()[0] as usize) < byte {
            at += 1;
        }
        index[byte] = at as u8;
        byte += 1;
    }
    index
}

/// For each first byte, the bytes that may follow it, as bits.
const SECOND: [u128; 128] = second();

const fn second() -> [u128; 128] {
    let mut bits = [0; 128];
    let mut at = 0;
    while at < FORMATS.len() {
        let prefix = FORMATS[at].0.as_bytes();
        bits[prefix[0] as usize] |= 1 << prefix[1];
        at += 1;
    }
    bits
}

/// So many characters tell whether a tail is hard to guess.
const MAX_TAIL: usize = 64;
/// A Telegram bot token is a number of this many digits, a colon, and 35 characters.
const TELEGRAM_ID: std::ops::RangeInclusive<usize> = 8..=10;
const TELEGRAM_TAIL: usize = 35;
/// An AWS secret access key has so many characters.
const AWS_SECRET: usize = 40;

/// A credential that begins here. Before it stands no letter or digit.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let (first, second) = (usize::from(bytes[at]), u32::from(*bytes.get(at + 1)?));
    if SECOND.get(first)?.checked_shr(second)? & 1 == 0 {
        return None;
    }
    let (rest, range) = (&bytes[at..], usize::from(FIRST[first])..usize::from(FIRST[first + 1]));
    FORMATS[range].iter().find_map(|&(prefix, class, tail)| {
        let length = rest
            .starts_with(prefix.as_bytes())
            .then(|| end_of_tail(&rest[prefix.len()..], class, tail))??;
        let start = if matches!(tail, Path(_)) { at + prefix.len() } else { at };
        Some(start..at + prefix.len() + length)
    })
}

/// The length of a tail that fits. Only the shortest form is checked first, so that the cost of a text of prefixes
/// alone is bounded by its length.
fn end_of_tail(rest: &[u8], class: Class, tail: Tail) -> Option<usize> {
    let least = match tail {
        Least(least) | Random(least) | Exactly(least) | Path(least) => least,
    };
    let has_least = rest.len() >= least && rest[..least].iter().all(|&byte| class(byte));
    let goes_on = rest.get(least).is_some_and(|&byte| class(byte) || byte.is_ascii_alphanumeric());
    let is_random =
        || guess::unexplained(&rest[..token::run(&rest[..rest.len().min(MAX_TAIL)], 0, class)]) >= least / 2;
    match tail {
        _ if !has_least => None,
        Exactly(_) => (!goes_on).then_some(least),
        Random(_) if !is_random() => None,
        _ => {
            let end = token::run(rest, 0, class);
            Some(end - rest[least..end].iter().rev().take_while(|&&byte| byte == b'.').count())
        }
    }
}

/// A Telegram bot token around the colon at `at`.
pub(super) fn telegram(bytes: &[u8], at: usize, floor: usize) -> Option<Range<usize>> {
    let tail = at + 1;
    let id = bytes[floor..at].iter().rev().take(11).take_while(|byte| byte.is_ascii_digit()).count();
    let before = (at - id).checked_sub(1).map(|before| bytes[before]);
    let fits = bytes[tail..].starts_with(b"AA")
        && TELEGRAM_ID.contains(&id)
        && before.is_none_or(|before| !before.is_ascii_digit())
        && end_of_tail(&bytes[tail..], token::is_base64url, Exactly(TELEGRAM_TAIL)).is_some();
    fits.then_some(at - id..tail + TELEGRAM_TAIL)
}

/// A hash of a password that begins at this `$`: bcrypt's (`$2b$…`) or Argon2's (`$argon2id$…`).
pub(super) fn password_hash(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = &bytes[at..];
    if let [b'$', b'2', b'a' | b'b' | b'x' | b'y', b'$', b'0'..=b'9', b'0'..=b'9', b'$', hash @ ..] = rest {
        let is_hash = |byte: u8| is_alnum(byte) || byte == b'.' || byte == b'/';
        let length = end_of_tail(hash, is_hash, Least(50))?;
        return Some(at..at + 7 + length);
    }
    let hash = rest.strip_prefix(b"$argon2")?;
    let in_hash = |byte: u8| is_alnum(byte) || b"$+/=,".contains(&byte);
    Some(at..at + 7 + end_of_tail(hash, in_hash, Least(40))?)
}

/// Whether a credential is an AWS access key id, which a secret access key may stand beside.
pub(super) fn is_aws_id(secret: &[u8]) -> bool {
    secret.len() == 20 && (secret.starts_with(b"AKIA") || secret.starts_with(b"ASIA"))
}

/// An AWS secret access key that begins here: 40 characters of base64 with capitals, small letters and digits, which a
/// hash in hexadecimal has not.
pub(super) fn aws_secret(bytes: &[u8], at: usize) -> Result<Range<usize>, usize> {
    let end = token::run(bytes, at, |byte| is_alnum(byte) || byte == b'/' || byte == b'+');
    let secret = &bytes[at..end];
    let has = |class: fn(&u8) -> bool| secret.iter().any(class);
    let fits = secret.len() == AWS_SECRET
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit);
    if fits { Ok(at..end) } else { Err(end.max(at + 1)) }
}

fn is_alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

fn is_word(byte: u8) -> bool {
    is_alnum(byte) || byte == b'_'
}

fn is_dotted(byte: u8) -> bool {
    token::is_base64url(byte) || byte == b'.'
}

fn is_base64(byte: u8) -> bool {
    token::is_base64url(byte) || b"+/=".contains(&byte)
}

fn is_slack(byte: u8) -> bool {
    is_dotted(byte) || byte == b'%'
}

fn is_path(byte: u8) -> bool {
    is_dotted(byte) || b"/:~%".contains(&byte)
}
