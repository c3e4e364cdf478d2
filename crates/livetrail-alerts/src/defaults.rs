//! The rules that Livetrail comes with.

/// A rule that Livetrail comes with.
#[derive(Clone, Copy, Debug)]
pub struct DefaultRule {
    /// The rule, in TOML.
    pub toml: &'static str,
    /// Whether it is on until it is switched off.
    pub is_on: bool,
}

const fn on(toml: &'static str) -> DefaultRule {
    DefaultRule { toml, is_on: true }
}

const fn off(toml: &'static str) -> DefaultRule {
    DefaultRule { toml, is_on: false }
}

/// All of them.
pub const DEFAULTS: [DefaultRule; 16] = [
    on(include_str!("../defaults/failed-sign-ins.toml")),
    on(include_str!("../defaults/password-spraying.toml")),
    on(include_str!("../defaults/guessed-password.toml")),
    on(include_str!("../defaults/new-admin.toml")),
    on(include_str!("../defaults/second-factor-off.toml")),
    on(include_str!("../defaults/password-of-another.toml")),
    on(include_str!("../defaults/livetrail-changed.toml")),
    on(include_str!("../defaults/large-export.toml")),
    on(include_str!("../defaults/failed-sign-ins-of-a-day.toml")),
    off(include_str!("../defaults/off/mass-delete.toml")),
    off(include_str!("../defaults/off/mass-export.toml")),
    off(include_str!("../defaults/off/admin-from-new-network.toml")),
    off(include_str!("../defaults/off/refusals-of-a-user.toml")),
    off(include_str!("../defaults/off/admin-outside-hours.toml")),
    off(include_str!("../defaults/off/silence.toml")),
    off(include_str!("../defaults/off/impossible-travel.toml")),
];
