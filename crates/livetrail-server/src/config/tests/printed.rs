use super::*;

/// Files that settings name.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().expect("a folder"));
        for (key, text) in [
            ("database-url-file", "postgres://app:hunter2@db/app?sslmode=require"),
            ("jwt-secret-key-file", "a hunter2 that tokens are signed with"),
            ("jwt-secret-key-previous-file", "the hunter2 that was before that"),
            ("seal-key-file", "the hunter2 that seals the secrets"),
            ("oidc-client-secret-file", "hunter2"),
            ("actions", ""),
        ] {
            secret_file(&files.0, key, text);
        }
        files
    }

    fn named(&self, key: &str) -> String {
        format!("{:?}", self.0.path().join(key))
    }

    /// A value of a setting that is not its default.
    fn value(&self, key: &str) -> String {
        let text = match key {
            "data-dir" => "here",
            "listen" => "127.0.0.1:1001",
            "metrics-listen" => "127.0.0.1:1002",
            "jwks-url" | "oidc-issuer" => "https://login.example/a",
            "public-url" => "https://log.example",
            "admin-table" => "app.staff:user_id",
            "log-format" => "json",
            "jwt-admin-claim" => "groups=x",
            "query-token" | "redact" => return "false".into(),
            "text-search" | "demo" | "jwt-allow-no-exp" => return "true".into(),
            "jwt-issuer" | "jwt-audience" | "redact-key" => return "[\"a\", \"b\"]".into(),
            "cors-origin" => return "[\"https://a.example\"]".into(),
            "oidc-scopes" => return "[\"openid\", \"groups\"]".into(),
            "oidc-role" => return "[\"cn=a,ou=b=admin\"]".into(),
            "trusted-proxy" => return "[\"10.0.0.0/8\"]".into(),
            "keep" => "400d",
            "database-connections"
            | "index-memory"
            | "keep-rows"
            | "push-threads"
            | "question-timeout"
            | "max-connections"
            | "max-connections-per-address" => {
                return "33".into();
            }
            key if key.ends_with("-file") || key == "actions" => return self.named(key),
            _ => "some-text",
        };
        format!("{text:?}")
    }

    /// Every setting that is not a secret itself.
    fn all_settings(&self) -> String {
        let settings = reference::settings().into_iter().filter(|setting| !setting.is_secret);
        settings.map(|setting| format!("{} = {}\n", setting.key, self.value(&setting.key))).collect()
    }
}

fn print(raw: RawConfig) -> String {
    super::super::printed(raw, None).expect("a page")
}

/// The configuration without the order of its catalogue's map, which is random.
fn meaning(raw: RawConfig) -> String {
    let config = raw.resolve(None).expect("a configuration");
    let text = format!("{config:?}");
    let (before, rest) = text.split_once("catalogue: ").expect("a catalogue");
    let (_, after) = rest.rsplit_once("redaction: ").expect("a redaction");
    format!("{before}{after}{:?}", config.catalogue.actions())
}

#[test]
fn every_setting_is_printed_as_it_is_in_force() {
    let files = Files::new();
    let page = print(file(&files.all_settings()));
    for setting in reference::settings() {
        let key = setting.key;
        let line = match setting.is_secret {
            true => format!("# {key}: "),
            false => format!("{key} = {}", files.value(&key)),
        };
        assert!(page.lines().any(|printed| printed.starts_with(&line)), "{line} is missing: {page}");
    }
    assert!(!page.contains("hunter2"), "{page}");
}

#[test]
fn a_setting_without_a_value_is_named_too() {
    let page = print(typed());
    for setting in reference::settings() {
        let is_named = |line: &str| {
            line.starts_with(&format!("{} = ", setting.key))
                || line.starts_with(&format!("# {}: ", setting.key))
        };
        assert!(page.lines().any(is_named), "{} is missing: {page}", setting.key);
    }
}

#[test]
fn what_is_printed_means_the_same_for_all_settings() {
    let files = Files::new();
    let given = file(&files.all_settings());
    let page = print(given.clone());
    assert_eq!(print(file(&page)), page);
    assert_eq!(meaning(file(&page)), meaning(given));
}

#[test]
fn queries_and_passwords_of_urls_are_not_printed() {
    let page = print(RawConfig {
        jwks_url: Some("https://login.example/keys?api_key=hunter2".into()),
        database_url: Some("postgres://app:hunter2@db/log?sslmode=verify-full".into()),
        ..typed()
    });
    for line in [
        "jwks-url = \"https://login.example/keys\" # without its query",
        "database-url = \"postgres://app@db/log?sslmode=verify-full\" # without its password",
    ] {
        assert!(page.lines().any(|printed| printed == line), "{line} is missing: {page}");
    }
    assert!(!page.contains("hunter2"), "{page}");
}
