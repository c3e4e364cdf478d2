//! Settings that are addresses: of the server, of others and of the database.

use super::*;

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
