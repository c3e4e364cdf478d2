//! Bots, scripts, and applications that name themselves.

use super::token;

/// Bots whose names do not say that they are one; most others end in "bot" or have "crawler" or "spider" in them.
const BOTS: [&str; 7] = [
    "facebookexternalhit",
    "BingPreview",
    "Slurp",
    "Mediapartners-Google",
    "ia_archiver",
    "Lighthouse",
    "Google-InspectionTool",
];

/// Phones whose maker's name ends as a bot's does.
const NOT_BOTS: [&str; 1] = ["CUBOT"];

/// Token and name, in any case of letters. Libraries name what they are built on (`Python/3.12 aiohttp/3.9`,
/// `Apache-HttpClient/4.5 (Java/17)`), so the more special comes first.
const SCRIPTS: [(&str, &str); 28] = [
    ("HeadlessChrome", "Headless Chrome"),
    ("PhantomJS", "PhantomJS"),
    ("curl", "curl"),
    ("wget", "Wget"),
    ("HTTPie", "HTTPie"),
    ("PostmanRuntime", "Postman"),
    ("insomnia", "Insomnia"),
    ("k6", "k6"),
    ("python-requests", "python-requests"),
    ("python-httpx", "python-httpx"),
    ("python-urllib", "python-urllib"),
    ("aiohttp", "aiohttp"),
    ("Scrapy", "Scrapy"),
    ("okhttp", "okhttp"),
    ("Apache-HttpClient", "Apache HttpClient"),
    ("Java-http-client", "Java"),
    ("Java", "Java"),
    ("axios", "axios"),
    ("node-fetch", "node-fetch"),
    ("undici", "undici"),
    ("node", "Node.js"),
    ("Go-http-client", "Go"),
    ("reqwest", "reqwest"),
    ("GuzzleHttp", "Guzzle"),
    ("libwww-perl", "libwww-perl"),
    ("Ruby", "Ruby"),
    ("Dart", "Dart"),
    ("WindowsPowerShell", "PowerShell"),
];

/// The bot's own name and version, if it says that it is one.
pub(super) fn bot(user_agent: &str) -> Option<String> {
    let (name, version) = products(user_agent).find(|(name, _)| is_bot(name))?;
    Some(token::named(shortened(name), token::major(version)))
}

/// Words with what may be a version: ("Chrome", "126.0.0.0").
fn products(user_agent: &str) -> impl Iterator<Item = (&str, &str)> {
    let words = user_agent.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./".contains(c)));
    words.map(|word| word.split_once('/').unwrap_or((word, "")))
}

fn is_bot(name: &str) -> bool {
    let contains =
        |part: &str| name.as_bytes().windows(part.len()).any(|w| w.eq_ignore_ascii_case(part.as_bytes()));
    let ends_in_bot = name.len() >= 3 && name.as_bytes()[name.len() - 3..].eq_ignore_ascii_case(b"bot");
    let listed = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    // A host name or path in the bot's web address is not its name.
    !name.contains('.')
        && (listed(&BOTS) || contains("crawler") || contains("spider") || (ends_in_bot && !listed(&NOT_BOTS)))
}

/// The name of a script or library, with its version.
pub(super) fn script(user_agent: &str) -> Option<String> {
    let known = products(user_agent).filter_map(|(name, version)| {
        let place = SCRIPTS.iter().position(|(token, _)| name.eq_ignore_ascii_case(token))?;
        let version = token::major(version);
        // A word of prose is not a product: the name has a version, or is the whole text.
        (version.is_some() || name.len() == user_agent.len()).then_some((place, version))
    });
    known.min_by_key(|(place, _)| *place).map(|(place, version)| token::named(SCRIPTS[place].1, version))
}

/// The first product token of a user agent that is not in the form of browsers: "ExampleApp 5" of `ExampleApp/5.1 (…)`.
pub(super) fn leading(user_agent: &str) -> Option<String> {
    let (name, rest) = user_agent.trim_start().split_once('/')?;
    let plausible = |c: char| c.is_ascii_alphanumeric() || " .-_".contains(c);
    if name.is_empty() || name == "Mozilla" || name.len() > 40 || !name.chars().all(plausible) {
        return None;
    }
    token::major(rest).map(|version| token::named(name, Some(version)))
}

fn shortened(name: &str) -> &str {
    name.get(..40).unwrap_or(name)
}
