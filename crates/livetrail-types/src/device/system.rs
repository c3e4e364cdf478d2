//! Operating systems and the class of device that they run on.

use super::{DeviceClass, token};

/// How the version of a system is written behind its token.
enum Version {
    /// It is frozen or means nothing to a reader: Windows 11 says 10.0, every macOS says 10.15.7.
    Untold,
    /// It follows the given text: `Android 14`.
    Behind(&'static str),
}

use DeviceClass::{Desktop, Mobile, Tablet};
use Version::{Behind, Untold};

/// Token, name, class, version. Windows Phone claimed to be Android and an iPhone, Apple's phones and tablets claim to
/// be "like Mac OS X", and Android names Linux. So each stands before the system that it names.
const SYSTEMS: [(&str, &str, DeviceClass, Version); 12] = [
    ("Windows Phone", "Windows Phone", Mobile, Untold),
    ("iPad", "iPadOS", Tablet, Behind("CPU OS ")),
    ("iPhone", "iOS", Mobile, Behind("iPhone OS ")),
    ("iPod", "iOS", Mobile, Behind("iPhone OS ")),
    ("Android", "Android", Mobile, Behind("Android ")),
    ("CrOS", "ChromeOS", Desktop, Untold),
    ("Windows", "Windows", Desktop, Untold),
    // An iPad that asks for desktop pages says exactly this too and cannot be told from a Mac.
    ("Macintosh", "macOS", Desktop, Untold),
    ("Mac OS X", "macOS", Desktop, Untold),
    ("macOS", "macOS", Desktop, Untold),
    ("Linux", "Linux", Desktop, Untold),
    ("X11", "Linux", Desktop, Untold),
];

/// The system's name, with its major version where that means something, and the class of device.
pub(super) fn find(user_agent: &str) -> Option<(String, DeviceClass)> {
    let (token, name, class, version) =
        SYSTEMS.iter().find(|system| token::after(user_agent, system.0).is_some())?;
    let major = match version {
        Untold => None,
        Behind(text) => token::after(user_agent, text).and_then(token::major),
    };
    let class = if *token == "Android" { android_class(user_agent) } else { *class };
    Some((token::named(name, major), class))
}

/// Browsers on Android phones say `Mobile`, and those on tablets do not; applications say neither.
fn android_class(user_agent: &str) -> DeviceClass {
    let is_browser = user_agent.starts_with("Mozilla/");
    if is_browser && !user_agent.contains("Mobile") { Tablet } else { Mobile }
}
