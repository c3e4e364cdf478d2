mod addresses;
mod examples;
mod printed;
mod secrets;
mod smtp;
mod tokens;

use super::*;
use examples::Examples;
use std::{collections::BTreeSet, time::Duration};

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
    let text = Examples::new().file(|_| true);
    let (from_file, taken) = (file(&text), RawConfig::default().or(file(&text)));
    assert_eq!(format!("{taken:?}"), format!("{from_file:?}"));
    assert!(!format!("{taken:?}").contains("None"), "{taken:?}");
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
