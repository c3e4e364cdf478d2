use super::*;

fn print(raw: RawConfig) -> String {
    super::super::printed(raw, None).expect("a page")
}

/// The configuration without the order of its catalogue's map, which is random, and without where it was set.
fn meaning(raw: RawConfig) -> String {
    let config = Config { in_force: Vec::new(), ..raw.resolve(None).expect("a configuration") };
    let text = format!("{config:?}");
    let (before, rest) = text.split_once("catalogue: ").expect("a catalogue");
    let (_, after) = rest.rsplit_once("redaction: ").expect("a redaction");
    format!("{before}{after}{:?}", config.catalogue.actions())
}

#[test]
fn every_setting_is_printed_as_it_is_in_force() {
    let examples = Examples::new();
    let page = print(file(&examples.file(|setting| !setting.is_secret)));
    for setting in reference::settings() {
        let key = &setting.key;
        let line = match setting.is_secret {
            true => format!("# {key}: "),
            false => format!("{key} = {}", examples.value(&setting)),
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
fn the_help_says_the_default_that_is_in_force() {
    let given = RawConfig {
        oidc_issuer: Some("https://login.example".into()),
        oidc_client_id: Some("log".into()),
        oidc_role: vec!["staff=viewer".into()],
        ..typed()
    };
    let typed = toml::Table::try_from(&given).expect("settings");
    let printed: toml::Table = print(given).parse().expect("a page");
    let mut defaults = 0;
    for setting in reference::settings() {
        let value = printed.get(&setting.key).filter(|value| typed.get(&setting.key) != Some(value));
        let default = match value {
            Some(toml::Value::Array(list)) => {
                list.iter().filter_map(|item| item.as_str()).collect::<Vec<_>>().join(" ")
            }
            Some(toml::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => continue,
        };
        // These depend on the database and on the machine.
        if !["data-dir", "push-threads"].contains(&setting.key.as_str()) {
            let said = format!("[default: {default}");
            assert!(setting.help.contains(&said), "{}: {said} is missing: {}", setting.key, setting.help);
            defaults += 1;
        }
    }
    assert!(defaults > 10, "{defaults}");
}

#[test]
fn what_is_printed_means_the_same_for_all_settings() {
    let examples = Examples::new();
    let given = file(&examples.file(|setting| !setting.is_secret));
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
