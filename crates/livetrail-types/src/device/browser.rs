//! Browsers by their product tokens.

use super::token;

/// Token and name. Edge, Opera, Samsung Internet, Vivaldi and Yandex are built on Chrome and name it, and nearly all
/// name `Safari/`. So each stands before the browsers that it imitates. On iOS all of them are built on Safari and have
/// tokens of their own.
const BROWSERS: [(&str, &str); 20] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edge/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPX/", "Opera"),
    ("Opera Mini/", "Opera Mini"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    // Before Chrome, Opera named itself here; its later releases kept the 9.80 for old servers.
    ("Opera/", "Opera"),
    // Internet Explorer 11 dropped the name that its predecessors had.
    ("MSIE ", "Internet Explorer"),
    ("Trident/7.0; rv:", "Internet Explorer"),
];

/// The browser's name and major version.
pub(super) fn find(user_agent: &str) -> Option<String> {
    let listed = BROWSERS.iter().find_map(|&(token, name)| Some((name, token::after(user_agent, token)?)));
    let (name, rest) = listed.or_else(|| safari(user_agent))?;
    Some(token::named(name, token::major(rest)))
}

/// Safari is what is left, and its version stands in a token of its own: `Version/17.5 Safari/605.1.15`.
fn safari(user_agent: &str) -> Option<(&'static str, &str)> {
    token::after(user_agent, "Safari/")?;
    Some(("Safari", token::after(user_agent, "Version/")?))
}
