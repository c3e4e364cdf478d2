//! Settings that are secrets.

use super::*;

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
fn a_secret_does_not_print() {
    let config = typed().resolve(None).expect("a configuration");
    assert!(!format!("{config:?}").contains("a secret of the tests"));
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
        smtp_url_file: secret_file(&folder, "smtp", "smtp://app:hunter2@mail.example\n"),
        smtp_from: Some("alerts@example.com".into()),
        ..RawConfig::default()
    };
    let config = raw.resolve(None).expect("a configuration");
    let bytes = |secret: &Option<Secret>| secret.as_ref().expect("a secret").bytes().to_vec();
    assert_eq!(bytes(&config.jwt_secret), jwt.as_bytes());
    assert_eq!(bytes(&config.jwt_secret_previous), previous.as_bytes());
    assert_eq!(bytes(&config.seal_key), seal.as_bytes());
    assert_eq!(config.database.to_string(), "sqlite:from-a-file");
    let smtp = config.smtp.as_ref().expect("a server for e-mails");
    assert_eq!(bytes(&smtp.credentials.as_ref().map(|(_, password)| password.clone())), b"hunter2");
    for secret in [jwt, previous, seal, "hunter2".into()] {
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
