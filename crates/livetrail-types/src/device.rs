//! Devices by their user agent: browser, operating system and class.
//!
//! A small ordered table replaces the common data set of expressions, which would cost tens of megabytes of memory. A
//! log does not show its detail. It knows common user agents, and gives no answer rather than a wrong one.
//!
//! The order of the checks matters, because user agents imitate each other. Bots append their name to the text of a
//! whole browser, and every browser names the browsers that it imitates. So bots are checked first, scripts second. In
//! each table, an imitator comes before the browser that it imitates.

mod browser;
mod client;
mod recent;
mod system;
#[cfg(test)]
mod tests;
mod token;

use recent::Recent;
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, fmt};
use utoipa::ToSchema;

thread_local! {
    static RECENT: RefCell<Recent> = RefCell::default();
}

/// The client device, read from the user agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Device {
    /// The browser, bot or library with its major version: "Chrome 126", "Googlebot 2", "curl 8".
    pub browser: Option<String>,
    /// The operating system, with its major version where the text can be trusted for it: "macOS", "iOS 17".
    pub os: Option<String>,
    /// The kind of device or program.
    pub class: DeviceClass,
}

/// The kind of device or program that sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeviceClass {
    /// A browser on a desktop or laptop.
    Desktop,
    /// A phone.
    Mobile,
    /// A tablet.
    Tablet,
    /// A crawler that identifies itself.
    Bot,
    /// A command-line tool, an HTTP library or an automated browser.
    Script,
}

/// For people: "Chrome 126 on macOS".
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.browser, &self.os) {
            (Some(browser), Some(os)) => write!(f, "{browser} on {os}"),
            (Some(one), None) | (None, Some(one)) => f.write_str(one),
            (None, None) => write!(f, "{:?}", self.class),
        }
    }
}

impl Device {
    /// Reads a user agent; `None` if it says nothing that is recognised.
    #[must_use]
    pub fn parse(user_agent: &str) -> Option<Device> {
        RECENT.with_borrow_mut(|recent| recent.get(user_agent))
    }

    fn recognise(user_agent: &str) -> Option<Device> {
        let system = system::find(user_agent);
        let os = system.as_ref().map(|(os, _)| os.clone());
        if let Some(name) = client::bot(user_agent) {
            return Some(Device { browser: Some(name), os, class: DeviceClass::Bot });
        }
        if let Some(name) = client::script(user_agent) {
            return Some(Device { browser: Some(name), os, class: DeviceClass::Script });
        }
        let browser = browser::find(user_agent);
        match system {
            // An application's own user agent names itself first: "ExampleApp/5.1 (iPhone; iOS 17.5)".
            Some((_, class)) => {
                Some(Device { browser: browser.or_else(|| client::leading(user_agent)), os, class })
            }
            None if browser.is_some() => Some(Device { browser, os, class: DeviceClass::Desktop }),
            None => client::leading(user_agent).map(|name| Device {
                browser: Some(name),
                os,
                class: DeviceClass::Script,
            }),
        }
    }
}
