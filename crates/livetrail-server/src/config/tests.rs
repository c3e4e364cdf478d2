mod printed;
mod tokens;

use super::*;
use std::collections::BTreeSet;

fn file(text: &str) -> RawConfig {
    file::parse(text).expect("a file that is right")
}

/// Why this file is refused, in one line.
fn refusal_of_file(text: &str) -> String {
    format!("{:#}", file::parse(text).expect_err("a refusal"))
}

/// Settings that do not depend on the environment of the tests.
fn typed() -> RawConfig {
    RawConfig {
        database_url: Some("sqlite:somewhere".into()),
        jwt_secret_key: Some("a secret of the tests, long enough for HS256".into()),
        ..RawConfig::default()
    }
}

/// Why these settings are refused, in one line.
fn refusal(raw: RawConfig) -> String {
    format!("{:#}", raw.resolve(None).expect_err("a refusal"))
}

#[test]
fn what_was_typed_beats_the_file_and_the_file_beats_the_default() {
    let from_file =
        file("listen = \"127.0.0.1:1\"\ndemo = true\nredact-key = [\"pin\"]\ncors-origin = [\"https://a\"]");
    let flags =
        RawConfig { listen: Some("127.0.0.1:2".into()), cors_origin: vec!["https://b".into()], ..typed() };
    let config = flags.or(from_file).resolve(None).expect("a configuration");
    assert_eq!(config.listen.port(), 2, "typed");
    assert_eq!(config.cors_origins, ["https://b"], "typed: a list is not mixed with the file's");
    assert!(config.demo, "from the file");
    assert!(config.query_token && !config.text_search, "defaults");
    assert_eq!((config.log.as_str(), config.log_format), ("info", LogFormat::Text), "defaults");
}

#[test]
fn what_was_typed_as_false_beats_what_the_file_says_is_true() {
    let flags = RawConfig { demo: Some(false), ..typed() };
    assert!(!flags.or(file("demo = true")).resolve(None).expect("a configuration").demo);
}

#[test]
fn every_setting_of_the_file_is_taken_where_nothing_was_typed() {
    let text = reference::settings()
        .iter()
        .map(|setting| format!("{} = {}\n", setting.key, example(&setting.key)))
        .collect::<String>();
    let (from_file, taken) = (file(&text), RawConfig::default().or(file(&text)));
    assert_eq!(format!("{taken:?}"), format!("{from_file:?}"));
    assert!(!format!("{taken:?}").contains("None"), "{taken:?}");
}

/// A value that a setting takes.
fn example(key: &str) -> &'static str {
    match key {
        "query-token" | "redact" | "text-search" | "demo" | "jwt-allow-no-exp" => "true",
        "cors-origin" | "redact-key" | "jwt-issuer" | "jwt-audience" | "oidc-scopes" | "oidc-role"
        | "trusted-proxy" => "[\"https://a.example\"]",
        "database-connections"
        | "index-memory"
        | "keep-rows"
        | "push-threads"
        | "question-timeout"
        | "max-connections"
        | "max-connections-per-address" => "30",
        "log-format" => "\"json\"",
        _ => "\"text\"",
    }
}

#[test]
fn the_file_has_times_for_tenants_and_categories() {
    let text = "keep = \"400d\"\n[[retention]]\ntenant = \"acme\"\nkeep = \"2w\"\n\
                [[retention]]\ncategory = \"security\"\nkeep = \"forever\"";
    let rules = typed().or(file(text)).resolve(None).expect("a configuration").retention;
    assert_eq!((rules.rules.len(), rules.durations().count()), (2, 2));
    for (text, words) in [
        ("[[retention]]\nkeep = \"1d\"", "retention: a rule needs a tenant, a category or both"),
        ("[[retention]]\ntenant = \"a\"\nkeep = \"1\"", "retention: \"1\" is not a time"),
        ("keep = \"long\"", "keep: \"long\" is not a time to keep activities"),
        ("keep-rows = 0", "keep-rows: must be at least 1"),
    ] {
        let refused = refusal(typed().or(file(text)));
        assert!(refused.starts_with(words), "{refused}");
    }
    let refused = refusal_of_file("[[retention]]\ntenants = \"a\"\nkeep = \"1d\"");
    assert!(refused.contains("retention: ") && refused.contains("`tenant`"), "{refused}");
}

#[test]
fn a_key_that_is_no_setting_is_refused_with_the_nearest_one() {
    for (key, nearest) in [
        ("listne", "listen"),
        ("data_dir", "data-dir"),
        ("databaseurl", "database-url"),
        ("cors-origins", "cors-origin"),
        ("jwt-secret", "jwt-secret-key"),
    ] {
        let refusal = refusal_of_file(&format!("{key} = \"x\""));
        assert_eq!(refusal, format!("{key} is not a setting; did you mean {nearest}?"));
    }
}

#[test]
fn a_key_that_is_like_no_setting_is_refused_with_all_of_them() {
    let refusal = refusal_of_file("xyzzy = 1");
    assert!(
        refusal.starts_with(
            "xyzzy is not a setting; the settings are data-dir, database-url, database-url-file, listen"
        ),
        "{refusal}"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused_by_the_name_of_its_setting() {
    for (text, setting) in
        [("demo = \"yes\"", "demo"), ("listen = 7777", "listen"), ("cors-origin = 1", "cors-origin")]
    {
        let refusal = refusal_of_file(text);
        assert!(refusal.contains("of the wrong type") && refusal.contains(setting), "{refusal}");
    }
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_the_line() {
    let refusal = refusal_of_file("demo = true\nlisten = = 1");
    assert!(refusal.starts_with("this is not TOML") && refusal.contains("line 2"), "{refusal}");
}

#[test]
fn a_file_that_is_refused_is_not_repeated() {
    for text in [
        "jwt-secret-key = \"hunter2",
        "jwt-secret-key = hunter2",
        "jwt-secret-key = 'hunter2\nlisten = 1",
        "jwt-secret-key = \"hunter2\" \"hunter2\"",
        "jwt-secret-key = \"\\hunter2\"",
        "jwt-secret-key = \"hunter2\"\njwt-secret-key = \"hunter2\"",
        "jwt-secret-key: hunter2",
        "jwt-secret-key = [\"hunter2\"]",
        "jwt-secret-key = { hunter2 = \"hunter2\" }",
        "redact-key = \"hunter2 expected hunter2\"",
        "demo = \"hunter2\"",
    ] {
        let refusal = refusal_of_file(text);
        assert!(!refusal.contains("hunter2"), "{text}: {refusal}");
    }
    for text in ["jwt-secret-key = 1234567", "database-url = 1234567.5", "max-connections = 123456789012"] {
        let refusal = refusal_of_file(text);
        assert!(!refusal.contains("1234567") && refusal.contains("expected"), "{text}: {refusal}");
    }
}

#[test]
fn a_url_with_a_user_or_password_is_refused_and_not_repeated() {
    type Set = fn(&mut RawConfig, String);
    let with = |set: Set, url: &str| {
        let mut raw = typed();
        set(&mut raw, url.to_owned());
        refusal(raw)
    };
    let settings: [(&str, Set); 4] = [
        ("public-url", |raw, url| raw.public_url = Some(url)),
        ("jwks-url", |raw, url| raw.jwks_url = Some(url)),
        ("oidc-issuer", |raw, url| raw.oidc_issuer = Some(url)),
        ("cors-origin", |raw, url| raw.cors_origin = vec![url]),
    ];
    for (name, set) in settings {
        for url in ["https://app:hunter2@login.example", "https://hunter2@login.example"] {
            let refusal = with(set, url);
            assert!(refusal.starts_with(&format!("{name}: must not hold a user or password")), "{refusal}");
        }
        for url in ["https://app:hunter2@", "app:hunter2@login.example", "ftp://app:hunter2@login.example"] {
            assert!(!with(set, url).contains("hunter2"), "{name}: {url}");
        }
    }
}

#[test]
fn an_address_to_listen_on_has_a_port() {
    for listen in ["127.0.0.1", "localhost:http", "", "127.0.0.1:99999", "http://127.0.0.1:7777"] {
        let refusal = refusal(RawConfig { listen: Some(listen.into()), ..typed() });
        assert_eq!(
            refusal,
            format!("listen: {listen:?} is no address and port; write one such as 127.0.0.1:7777")
        );
    }
}

#[test]
fn metrics_are_answered_at_an_address_of_their_own() {
    let with = |listen: &str, metrics: &str| {
        let (listen, metrics_listen) = (Some(listen.into()), Some(metrics.into()));
        RawConfig { listen, metrics_listen, ..typed() }
    };
    let refusal = refusal(with("127.0.0.1:7777", "127.0.0.1:7777"));
    assert_eq!(refusal, "metrics-listen: 127.0.0.1:7777 is the address of listen; choose another port");
    for (listen, metrics) in [("127.0.0.1:0", "127.0.0.1:0"), ("127.0.0.1:1", "127.0.0.1:2")] {
        assert!(with(listen, metrics).resolve(None).is_ok());
    }
}

#[test]
fn an_address_to_listen_on_may_be_a_name_or_of_version_6() {
    for listen in ["localhost:7777", "[::1]:7777", "0.0.0.0:0"] {
        let raw = RawConfig { listen: Some(listen.into()), ..typed() };
        assert!(raw.resolve(None).is_ok(), "{listen}");
    }
}

#[test]
fn an_origin_has_a_scheme_and_a_host_and_nothing_more() {
    for origin in
        ["*", "app.example.com", "https://", "https://*.example.com", "https://a.example/path", "ftp://a"]
    {
        let refusal = refusal(RawConfig { cors_origin: vec![origin.into()], ..typed() });
        assert!(
            refusal.starts_with(&format!("cors-origin: {origin:?} is no origin; write one such as")),
            "{refusal}"
        );
    }
}

#[test]
fn a_public_address_is_one_of_the_web_and_loses_its_last_slash() {
    let with = |url: &str| RawConfig { public_url: Some(url.into()), ..typed() };
    assert_eq!(refusal(with("log.example.com")), "public-url: must begin with http:// or https://");
    let config = with("https://log.example.com/").resolve(None).expect("a configuration");
    assert_eq!(config.public_url.as_deref(), Some("https://log.example.com"));
}

#[test]
fn a_secret_for_tokens_has_at_least_32_bytes() {
    let with = |length| RawConfig { jwt_secret_key: Some("xy".repeat(length)[..length].into()), ..typed() };
    let refusal = refusal(with(31));
    assert!(
        refusal.starts_with("jwt-secret-key: 31 bytes are too few for HS256, at least 32 are needed"),
        "{refusal}"
    );
    assert!(with(32).resolve(None).is_ok());
}

#[test]
fn a_question_may_take_from_one_to_sixty_seconds() {
    let with = |seconds| RawConfig { question_timeout: seconds, ..typed() };
    for (seconds, expected) in [(None, 10), (Some(1), 1), (Some(60), 60)] {
        let config = with(seconds).resolve(None).expect("a configuration");
        assert_eq!(config.question_timeout, Duration::from_secs(expected));
    }
    for seconds in [0, 61] {
        let refusal = refusal(with(Some(seconds)));
        assert_eq!(refusal, "question-timeout: must be a number of seconds from 1 to 60");
    }
}

#[test]
fn a_secret_does_not_print() {
    let config = typed().resolve(None).expect("a configuration");
    assert!(!format!("{config:?}").contains("a secret of the tests"));
}

#[test]
fn the_folder_of_the_database_is_what_its_address_says() {
    for (url, folder) in [
        ("sqlite:log", "log"),
        ("sqlite:/var/lib/log", "/var/lib/log"),
        ("sqlite://log", "log"),
        ("sqlite:///var/lib/log", "/var/lib/log"),
        ("sqlite:////var/lib/log", "/var/lib/log"),
        ("sqlite:./log", "./log"),
        ("SQLite:log", "log"),
        ("\"sqlite:log\"", "log"),
    ] {
        let raw = RawConfig { database_url: Some(url.into()), ..typed() };
        let config = raw.resolve(None).expect("a configuration");
        // As paths: a doubled slash means one.
        assert!(
            config.database.folder().is_some_and(|is| is.components().eq(Path::new(folder).components())),
            "{url}: {:?}",
            config.database
        );
        let beside = Some(config.data_dir.as_path());
        assert_eq!(config.database.folder(), beside, "{url}: the socket is beside the database");
    }
}

#[test]
fn a_data_folder_and_a_database_may_be_in_two_places() {
    let raw = RawConfig { data_dir: Some("data".into()), ..typed() };
    let config = raw.resolve(None).expect("a configuration");
    assert_eq!(
        (config.data_dir.as_path(), config.database.folder()),
        (Path::new("data"), Some(Path::new("somewhere")))
    );
}

#[test]
fn a_database_elsewhere_prints_without_its_password_and_leaves_the_data_folder_as_it_is() {
    let url = "postgresql+psycopg://app:hunter2@db.example:6432/log?sslmode=require";
    let raw = RawConfig { database_url: Some(url.into()), ..typed() };
    let config = raw.resolve(None).expect("a configuration");
    assert_eq!(config.database.to_string(), "postgres://app@db.example:6432/log");
    assert_eq!(config.data_dir, Path::new("livetrail-data"));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn an_address_may_be_taken_over_from_jdbc_a_framework_or_a_file_of_variables() {
    for url in [
        "jdbc:postgresql://db.example:6432/log?user=app&password=hunter2",
        "POSTGRES://app:hunter2@db.example:6432/log",
        "postgis://app:hunter2@db.example:6432/log",
        "\"postgres://app:hunter2@db.example:6432/log\"",
        "'postgresql://app:hunter2@db.example:6432/log'",
        " postgres://app:hunter2@db.example:6432/log\n",
    ] {
        let raw = RawConfig { database_url: Some(url.into()), ..typed() };
        let config = raw.clone().resolve(None).unwrap_or_else(|error| panic!("{url}: {error:#}"));
        assert_eq!(config.database.to_string(), "postgres://app@db.example:6432/log", "{url}");
        let printed = super::printed(raw, None).expect("a page");
        assert!(!printed.contains("hunter2") && printed.contains("db.example:6432/log"), "{url}: {printed}");
    }
}

#[test]
fn an_address_of_another_database_is_refused_without_its_password() {
    for (url, text) in [
        ("postgres://app:hunter2@/app", "database-url: it names no host; write one such as postgres://"),
        ("postgres://app:hunter2@db:x/app", "database-url: invalid value for option `port`"),
        ("mysql://app:hunter2@db/app", "database-url: mysql: is no database known here; write sqlite:FOLDER"),
        (
            "jdbc:mysql://db/app?password=hunter2",
            "database-url: jdbc: is no database known here; write sqlite:FOLDER",
        ),
        ("hunter2", "database-url: this is no address of a database; write sqlite:FOLDER"),
        ("sqlite:", "database-url: sqlite: names no folder"),
        ("sqlite://", "database-url: sqlite: names no folder"),
    ] {
        let refusal = refusal(RawConfig { database_url: Some(url.into()), ..typed() });
        assert!(refusal.starts_with(text) && !refusal.contains("hunter2"), "{url}: {refusal}");
    }
}

#[test]
fn a_file_of_actions_that_cannot_be_read_is_named() {
    let refusal = refusal(RawConfig { actions: Some("no-such.toml".into()), ..typed() });
    assert!(refusal.starts_with("actions: cannot read no-such.toml"), "{refusal}");
}

#[test]
fn the_reference_lists_every_setting() {
    // For an unknown key, serde names all known keys.
    let refusal = toml::from_str::<RawConfig>("xyzzy = 1").expect_err("a refusal").to_string();
    let (_, list) = refusal.split_once("expected one of ").expect("a list");
    let known: BTreeSet<_> = list.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    // The rules of the retention are tables of the file, which the reference explains apart.
    let tables = ["retention".to_owned()];
    let listed = reference::settings().into_iter().map(|setting| setting.key).chain(tables);
    assert_eq!(listed.collect::<BTreeSet<_>>(), known);
}

#[test]
fn a_setting_has_the_same_name_as_a_flag_in_the_environment_and_in_the_file() {
    for setting in reference::settings() {
        assert_eq!(
            setting.environment,
            format!("LIVETRAIL_{}", setting.key.to_uppercase().replace('-', "_"))
        );
        assert!(!setting.help.is_empty() && !setting.help.contains(['\n', '|']), "{setting:?}");
        assert!(
            reference::markdown()
                .contains(&format!("| `--{0}` | `{1}` | `{0}` |", setting.key, setting.environment))
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE=1 writes the page anew")]
fn the_page_of_the_documentation_is_what_the_program_prints() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&page, reference::markdown()).expect("the page is written");
    }
    let written = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(
        written == reference::markdown(),
        "docs/configuration.md is old: run the tests with UPDATE=1 and commit it"
    );
}

/// A file that holds this text.
fn secret_file(folder: &tempfile::TempDir, name: &str, text: &str) -> Option<PathBuf> {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("a file");
    Some(path)
}

#[test]
fn every_secret_may_come_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let [jwt, previous, seal] =
        ["one", "two", "three"].map(|name| format!("{name} {}", "0123456789".repeat(4)));
    let raw = RawConfig {
        database_url_file: secret_file(&folder, "url", "sqlite:from-a-file\n"),
        jwt_secret_key_file: secret_file(&folder, "jwt", &format!("{jwt}\n")),
        jwt_secret_key_previous_file: secret_file(&folder, "previous", &previous),
        seal_key_file: secret_file(&folder, "seal", &format!("{seal}\r\n")),
        ..RawConfig::default()
    };
    let config = raw.resolve(None).expect("a configuration");
    let bytes = |secret: &Option<Secret>| secret.as_ref().expect("a secret").bytes().to_vec();
    assert_eq!(bytes(&config.jwt_secret), jwt.as_bytes());
    assert_eq!(bytes(&config.jwt_secret_previous), previous.as_bytes());
    assert_eq!(bytes(&config.seal_key), seal.as_bytes());
    assert_eq!(config.database.to_string(), "sqlite:from-a-file");
    for secret in [jwt, previous, seal] {
        assert!(!format!("{config:?}").contains(&secret));
    }
}

#[test]
fn a_secret_and_its_file_are_one_setting() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = secret_file(&folder, "jwt", &"ab".repeat(16));
    let both = RawConfig { jwt_secret_key_file: file.clone(), ..typed() };
    assert!(refusal(both).starts_with("jwt-secret-key-file: jwt-secret-key is given too"));
    let flag = RawConfig { jwt_secret_key: None, jwt_secret_key_file: file, ..typed() };
    let taken =
        flag.or(super::file::parse("jwt-secret-key = \"of the file of settings\"").expect("settings"));
    assert_eq!(taken.jwt_secret_key, None, "what was typed beats both forms of the file");
}

#[test]
fn a_secret_file_that_cannot_be_used_is_named_and_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let with = |file| refusal(RawConfig { jwt_secret_key: None, jwt_secret_key_file: file, ..typed() });
    assert!(with(Some("nowhere".into())).starts_with("jwt-secret-key-file: cannot read nowhere"));
    assert!(with(secret_file(&folder, "empty", "\n")).contains("is empty"));
    let short = with(secret_file(&folder, "short", "hunter2"));
    assert!(
        short.starts_with("jwt-secret-key: 7 bytes are too few") && !short.contains("hunter2"),
        "{short}"
    );
}

#[test]
fn one_repeated_character_is_not_a_secret() {
    let with = |secret: &str| RawConfig { jwt_secret_key: Some(secret.into()), ..typed() };
    assert!(refusal(with(&"x".repeat(64))).contains("one repeated character"));
    let previous = RawConfig { jwt_secret_key_previous: Some("0".repeat(32)), ..typed() };
    assert!(refusal(previous).starts_with("jwt-secret-key-previous: one repeated character"));
    assert!(with(&"xy".repeat(16)).resolve(None).is_ok());
}
