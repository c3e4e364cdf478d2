use crate::retention::RawRule;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What every command takes, before or after its name.
#[derive(Args, Clone, Debug, Default)]
pub struct GlobalArgs {
    /// TOML file with any of the settings of `serve`
    #[arg(long, env = "LIVETRAIL_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the embedded database and of the socket by which commands reach a running server
    /// [default: the folder of the database URL, else livetrail-data]
    #[arg(long, env = "LIVETRAIL_DATA_DIR", global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Where the log is kept: sqlite:DIR, or postgres://USER:PASSWORD@HOST:PORT/NAME, with ?sslmode=verify-full and
    /// sslrootcert=FILE as for other clients [default: the data folder; DATABASE_URL is honoured]
    #[arg(long, env = "LIVETRAIL_DATABASE_URL", global = true, hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// File that holds the database URL, so that its password shows neither in `ps` nor in the environment
    #[arg(long, env = "LIVETRAIL_DATABASE_URL_FILE", global = true, value_name = "FILE")]
    pub database_url_file: Option<PathBuf>,
}

/// Declares the struct of the settings, and how two of it are merged, so that no second list of them is needed.
macro_rules! settings {
    ($(#[$attribute:meta])* pub struct $name:ident { $($(#[$about:meta])* pub $field:ident: $form:ty,)* }) => {
        $(#[$attribute])*
        pub struct $name { $($(#[$about])* pub $field: $form,)* }

        impl $name {
            /// Takes from `other` what is not given here.
            fn or_given(self, other: Self) -> Self {
                Self { $($field: self.$field.or_given(other.$field),)* }
            }
        }
    };
}

/// A setting that may be given or not. A list is not mixed with another one.
trait OrGiven {
    fn or_given(self, other: Self) -> Self;
}

impl<T> OrGiven for Option<T> {
    fn or_given(self, other: Self) -> Self {
        self.or(other)
    }
}

impl<T> OrGiven for Vec<T> {
    fn or_given(self, other: Self) -> Self {
        if self.is_empty() { other } else { self }
    }
}

settings! {
/// The settings of a server as they were typed. One struct gives the flags, the environment's names, the file's keys
/// and the reference. CONTRIBUTING.md says how to add one.
#[derive(Args, Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RawConfig {
    /// [`GlobalArgs::data_dir`], which the file may say too.
    #[arg(skip)]
    pub data_dir: Option<PathBuf>,
    /// [`GlobalArgs::database_url`], which the file may say too.
    #[arg(skip)]
    pub database_url: Option<String>,
    /// [`GlobalArgs::database_url_file`], which the file may say too.
    #[arg(skip)]
    pub database_url_file: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:7777]
    #[arg(long, env = "LIVETRAIL_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Address and port where /metrics is answered without a credential [default: none; the main address asks for one]
    #[arg(long, env = "LIVETRAIL_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<String>,
    /// File with the certificate in PEM, and those that vouch for it, to speak TLS; read again at SIGHUP
    #[arg(long, env = "LIVETRAIL_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// File with the certificate's private key in PEM
    #[arg(long, env = "LIVETRAIL_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Secret of at least 32 bytes that the application signs its HS256 tokens with. A secret that is given as a flag
    /// shows in `ps`: prefer a file or the environment
    /// [default: made and kept in the database, sealed; JWT_SECRET_KEY is honoured]
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY", hide_env_values = true, value_name = "SECRET")]
    pub jwt_secret_key: Option<String>,
    /// File that holds that secret
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY_FILE", value_name = "FILE")]
    pub jwt_secret_key_file: Option<PathBuf>,
    /// The secret before that one, which is still accepted during a change; as a flag it shows in `ps`
    /// [JWT_SECRET_KEY_PREVIOUS is honoured]
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY_PREVIOUS", hide_env_values = true, value_name = "SECRET")]
    pub jwt_secret_key_previous: Option<String>,
    /// File that holds the secret before that one
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY_PREVIOUS_FILE", value_name = "FILE")]
    pub jwt_secret_key_previous_file: Option<PathBuf>,
    /// File with at least 32 bytes, the same on every node. They seal the secrets that the log makes for itself
    /// [default: derived from the JWT secret; without one, seal.key in the data folder, which is made]
    #[arg(long, env = "LIVETRAIL_SEAL_KEY_FILE", value_name = "FILE")]
    pub seal_key_file: Option<PathBuf>,
    /// Where the public keys are that the application's tokens are signed with (RS256, ES256 or EdDSA); HS256 tokens
    /// are not accepted then
    #[arg(long, env = "LIVETRAIL_JWKS_URL", value_name = "URL")]
    pub jwks_url: Option<String>,
    /// Issuer (iss) that tokens must name; may be repeated [default: any]
    #[arg(long, env = "LIVETRAIL_JWT_ISSUER", value_name = "ISSUER", value_delimiter = ',')]
    pub jwt_issuer: Vec<String>,
    /// Audience (aud) that tokens must name; may be repeated [default: any]
    #[arg(long, env = "LIVETRAIL_JWT_AUDIENCE", value_name = "AUDIENCE", value_delimiter = ',')]
    pub jwt_audience: Vec<String>,
    /// Whether tokens without an expiry (exp) are accepted [default: false]
    #[arg(long, env = "LIVETRAIL_JWT_ALLOW_NO_EXP", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub jwt_allow_no_exp: Option<bool>,
    /// Claim whose text binds a token, or a user of single sign-on, to that tenant [default: none]
    #[arg(long, env = "LIVETRAIL_JWT_TENANT_CLAIM", value_name = "NAME")]
    pub jwt_tenant_claim: Option<String>,
    /// Claim that says the role: viewer, auditor or admin [default: none; the list of admins decides]
    #[arg(long, env = "LIVETRAIL_JWT_ROLE_CLAIM", value_name = "NAME")]
    pub jwt_role_claim: Option<String>,
    /// Claim that makes an admin: NAME is true, or NAME=VALUE is or contains that text [default: none]
    #[arg(long, env = "LIVETRAIL_JWT_ADMIN_CLAIM", value_name = "NAME[=VALUE]")]
    pub jwt_admin_claim: Option<String>,
    /// The application's table of admins in PostgreSQL, which is read and never written
    /// [default: admin_profiles:user_id]
    #[arg(long, env = "LIVETRAIL_ADMIN_TABLE", value_name = "TABLE[:COLUMN]")]
    pub admin_table: Option<String>,
    /// Issuer of single sign-on by OpenID Connect, exactly as its tokens name it [default: no single sign-on]
    #[arg(long, env = "LIVETRAIL_OIDC_ISSUER", value_name = "URL")]
    pub oidc_issuer: Option<String>,
    /// The client id of this server at that issuer
    #[arg(long, env = "LIVETRAIL_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,
    /// File with the client's secret [default: LIVETRAIL_OIDC_CLIENT_SECRET, else none, as for a public client]
    #[arg(long, env = "LIVETRAIL_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// Scopes to ask that issuer for [default: openid profile email]
    #[arg(long, env = "LIVETRAIL_OIDC_SCOPES", value_name = "SCOPES", value_delimiter = ',')]
    pub oidc_scopes: Vec<String>,
    /// Claim that lists the groups of a user of single sign-on [default: groups]
    #[arg(long, env = "LIVETRAIL_OIDC_GROUPS_CLAIM", value_name = "NAME")]
    pub oidc_groups_claim: Option<String>,
    /// Group whose members get a role (viewer, auditor or admin) by single sign-on; may be repeated, in the environment
    /// with a semicolon between
    #[arg(long, env = "LIVETRAIL_OIDC_ROLE", value_name = "GROUP=ROLE", value_delimiter = ';')]
    pub oidc_role: Vec<String>,
    /// Network of a proxy whose Forwarded or X-Forwarded-For header says where a client is, such as 10.0.0.0/8; may be
    /// repeated
    #[arg(long, env = "LIVETRAIL_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',')]
    pub trusted_proxy: Vec<String>,
    /// Whether the live stream takes a token in its address, ?token=… [default: true]
    #[arg(long, env = "LIVETRAIL_QUERY_TOKEN", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub query_token: Option<bool>,
    /// Origin of another site whose pages may call, such as https://app.example.com; may be repeated
    #[arg(long, env = "LIVETRAIL_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub cors_origin: Vec<String>,
    /// How browsers reach this server, for sign-in links [default: http:// and the listening address]
    #[arg(long, env = "LIVETRAIL_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Server that e-mails of alerts are given to: smtp://USER:PASSWORD@HOST (STARTTLS, port 587), smtps:// (TLS from
    /// the beginning, port 465) or smtp+plain:// (no TLS, port 25). A password in a flag shows in `ps`: prefer the
    /// file or the environment [default: no e-mails]
    #[arg(long, env = "LIVETRAIL_SMTP_URL", hide_env_values = true, value_name = "SMTP-URL")]
    pub smtp_url: Option<String>,
    /// File that holds that URL
    #[arg(long, env = "LIVETRAIL_SMTP_URL_FILE", value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// Sender of the e-mails, such as Livetrail <alerts@example.com>
    #[arg(long, env = "LIVETRAIL_SMTP_FROM", value_name = "MAILBOX")]
    pub smtp_from: Option<String>,
    /// Network of private, loopback or otherwise special addresses that alerts may be delivered to, such as
    /// 10.1.2.0/24; may be repeated [default: public addresses only]
    #[arg(long, env = "LIVETRAIL_ALERTS_ALLOW_ADDRESSES", value_name = "NETWORK", value_delimiter = ',')]
    pub alerts_allow_addresses: Vec<String>,
    /// File with the places of addresses, in MaxMind's format (.mmdb), such as GeoLite2-City. Alert rules of
    /// impossible_travel need it. It is read into memory at the start [default: none]
    #[arg(long, env = "LIVETRAIL_GEOIP_FILE", value_name = "FILE")]
    pub geoip_file: Option<PathBuf>,
    /// TOML file with actions of your own for the catalogue
    #[arg(long, env = "LIVETRAIL_ACTIONS", value_name = "FILE")]
    pub actions: Option<PathBuf>,
    /// Whether secrets in details, changes and messages are replaced before they are stored [default: true]
    #[arg(long, env = "LIVETRAIL_REDACT", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub redact: Option<bool>,
    /// Name of one more key whose values are secrets; may be repeated
    #[arg(long, env = "LIVETRAIL_REDACT_KEY", value_name = "NAME", value_delimiter = ',')]
    pub redact_key: Vec<String>,
    /// How long activities are kept after they happened, such as 400d (h, d, w or y); older ones are removed. The file
    /// may have other times for tenants and categories, as [[retention]] [default: forever]
    #[arg(long, env = "LIVETRAIL_KEEP", value_name = "TIME")]
    pub keep: Option<String>,
    /// How many of the newest positions are kept, and at most a hundredth more; older activities are removed, however
    /// new they are [default: all]
    #[arg(long, env = "LIVETRAIL_KEEP_ROWS", value_name = "NUMBER")]
    pub keep_rows: Option<u64>,
    /// Times for tenants and categories, which only the file says.
    #[arg(skip)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retention: Vec<RawRule>,
    /// Whether ?text=… searches lists by words of error messages and details. The index then has these words, which
    /// takes time and space. It is made again when this is switched on [default: false]
    #[arg(long, env = "LIVETRAIL_TEXT_SEARCH", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub text_search: Option<bool>,
    /// Seconds that a question to the log may take: a list with its figures, facets, a timeline, a report, a page of an
    /// export. Then it is ended and answered 503 [default: 10]
    #[arg(long, env = "LIVETRAIL_QUESTION_TIMEOUT", value_name = "SECONDS")]
    pub question_timeout: Option<u32>,
    /// Megabytes of memory for what was read lately of the files of the index, which answers lists and figures
    /// [default: 256]
    #[arg(long, env = "LIVETRAIL_INDEX_MEMORY", value_name = "MEGABYTES")]
    pub index_memory: Option<u32>,
    /// Connections to PostgreSQL at once, at least 6. Idle ones are given back after a minute [default: 20]
    #[arg(long, env = "LIVETRAIL_DATABASE_CONNECTIONS", value_name = "NUMBER")]
    pub database_connections: Option<u16>,
    /// Connections at once; more wait. Live streams leave a few of them to others
    /// [default: as many as open files are allowed, less 512]
    #[arg(long, env = "LIVETRAIL_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<u32>,
    /// Connections at once from one address, or from one /64 of IPv6; more are told to come back later. Behind a proxy
    /// all come from its address [default: no limit]
    #[arg(long, env = "LIVETRAIL_MAX_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER")]
    pub max_connections_per_address: Option<u32>,
    /// Threads that push to live streams over plain HTTP/1.1; with 0, each of them is a task, as over TLS and HTTP/2
    /// [default: one for each core]
    #[arg(long, env = "LIVETRAIL_PUSH_THREADS", value_name = "NUMBER")]
    pub push_threads: Option<u16>,
    /// Play believable traffic of a chat platform, with a past of a few thousand activities [default: false]
    #[arg(long, env = "LIVETRAIL_DEMO", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub demo: Option<bool>,
    /// How the server's own log is written [default: text]
    #[arg(long, env = "LIVETRAIL_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// The level of the server's own log: error, warn, info, debug or a filter such as livetrail_server::http=debug
    /// [default: info]
    #[arg(long, env = "LIVETRAIL_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}
}

/// How the server's own log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// An object a line, for programs.
    Json,
}

impl RawConfig {
    /// Takes from `file` what was not typed. A value and the file that may hold it are one setting: each of them, when
    /// it was typed, beats both of the configuration file.
    pub(super) fn or(self, mut file: Self) -> Self {
        if self.database_url.is_some() || self.database_url_file.is_some() {
            (file.database_url, file.database_url_file) = (None, None);
        }
        if self.jwt_secret_key.is_some() || self.jwt_secret_key_file.is_some() {
            (file.jwt_secret_key, file.jwt_secret_key_file) = (None, None);
        }
        if self.jwt_secret_key_previous.is_some() || self.jwt_secret_key_previous_file.is_some() {
            (file.jwt_secret_key_previous, file.jwt_secret_key_previous_file) = (None, None);
        }
        if self.smtp_url.is_some() || self.smtp_url_file.is_some() {
            (file.smtp_url, file.smtp_url_file) = (None, None);
        }
        self.or_given(file)
    }

    /// Adds what was typed before or after the command's name.
    #[must_use]
    pub fn with(mut self, global: &GlobalArgs) -> Self {
        self.data_dir = global.data_dir.clone();
        self.database_url = global.database_url.clone();
        self.database_url_file = global.database_url_file.clone();
        self
    }
}
