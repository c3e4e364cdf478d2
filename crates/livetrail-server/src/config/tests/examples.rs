use super::*;
use reference::Setting;

/// A valid value of every setting, by the form of its values: a new setting of a known form is tested without a change
/// here.
pub(super) struct Examples(tempfile::TempDir);

impl Examples {
    pub(super) fn new() -> Self {
        let examples = Self(tempfile::tempdir().expect("a folder"));
        for setting in reference::settings().iter().filter(|setting| setting.form == "FILE") {
            let text = match setting.key.as_str() {
                "database-url-file" => "postgres://app:hunter2@db/app?sslmode=require",
                "smtp-url-file" => "smtp://app:hunter2@mail.example",
                "actions" => "",
                _ => "a hunter2 that is long enough for a secret",
            };
            secret_file(&examples.0, &setting.key, text);
        }
        examples
    }

    /// A value in TOML that is not the default.
    pub(super) fn value(&self, setting: &Setting) -> String {
        let text = match setting.form.as_str() {
            "BOOL" => return (!setting.help.contains("[default: true]")).to_string(),
            "NUMBER" | "SECONDS" | "MEGABYTES" => return "33".into(),
            // Two settings must not have the same address.
            "ADDRESS" => format!("127.0.0.1:{}", 1_000 + setting.key.len()),
            "FILE" => self.0.path().join(&setting.key).to_string_lossy().into_owned(),
            "URL" => "https://login.example/a".into(),
            "ORIGIN" => "https://a.example".into(),
            "MAILBOX" => "Livetrail <alerts@example.com>".into(),
            "NETWORK" => "10.0.0.0/8".into(),
            "TABLE[:COLUMN]" => "app.staff:user_id".into(),
            "NAME[=VALUE]" => "groups=x".into(),
            "GROUP=ROLE" => "cn=a,ou=b=admin".into(),
            "SCOPES" => "openid groups".into(),
            "FORMAT" => "json".into(),
            "TIME" => "400d".into(),
            _ if setting.is_list => "a b".into(),
            _ => "some-text".into(),
        };
        match setting.is_list {
            true => format!("{:?}", text.split(' ').collect::<Vec<_>>()),
            false => format!("{text:?}"),
        }
    }

    /// A file with the settings that `is_in` it.
    pub(super) fn file(&self, is_in: impl Fn(&Setting) -> bool) -> String {
        let settings = reference::settings().into_iter().filter(is_in);
        settings.map(|setting| format!("{} = {}\n", setting.key, self.value(&setting))).collect()
    }
}
