use clap::{Args, ValueEnum};
use serde::Deserialize;
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

/// The settings of a server as they were typed. One struct gives the flags, the environment's names, the file's
/// keys and the reference.
#[derive(Args, Clone, Debug, Default, Deserialize)]
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
    /// Secret of at least 32 bytes that the application signs its HS256 tokens with. A secret that is given as a flag shows in `ps`:
    /// prefer a file or the environment [default: made and kept in the database, sealed; JWT_SECRET_KEY is honoured]
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY", hide_env_values = true, value_name = "SECRET")]
    pub jwt_secret_key: Option<String>,
    /// File that holds that secret
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY_FILE", value_name = "FILE")]
    pub jwt_secret_key_file: Option<PathBuf>,
    /// The secret before that one, which is still believed while it is being changed; as a flag it shows in `ps`
    /// [JWT_SECRET_KEY_PREVIOUS is honoured]
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY_PREVIOUS", hide_env_values = true, value_name = "SECRET")]
    pub jwt_secret_key_previous: Option<String>,
    /// File that holds the secret before that one
    #[arg(long, env = "LIVETRAIL_JWT_SECRET_KEY_PREVIOUS_FILE", value_name = "FILE")]
    pub jwt_secret_key_previous_file: Option<PathBuf>,
    /// File with at least 32 bytes that seal the secrets which the log makes for itself; the same on every node
    /// [default: derived from the JWT secret; without one, seal.key in the data folder, which is made]
    #[arg(long, env = "LIVETRAIL_SEAL_KEY_FILE", value_name = "FILE")]
    pub seal_key_file: Option<PathBuf>,
    /// Whether the live stream takes a token in its address, ?token=… [default: true]
    #[arg(long, env = "LIVETRAIL_QUERY_TOKEN", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub query_token: Option<bool>,
    /// Origin of another site whose pages may call, such as https://app.example.com; may be repeated
    #[arg(long, env = "LIVETRAIL_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub cors_origin: Vec<String>,
    /// How browsers reach this server, for sign-in links [default: http:// and the listening address]
    #[arg(long, env = "LIVETRAIL_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// TOML file with actions of your own for the catalogue
    #[arg(long, env = "LIVETRAIL_ACTIONS", value_name = "FILE")]
    pub actions: Option<PathBuf>,
    /// Whether secrets in details, changes and messages are replaced before they are stored [default: true]
    #[arg(long, env = "LIVETRAIL_REDACT", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub redact: Option<bool>,
    /// Name of one more key whose values are secrets; may be repeated
    #[arg(long, env = "LIVETRAIL_REDACT_KEY", value_name = "NAME", value_delimiter = ',')]
    pub redact_key: Vec<String>,
    /// Whether lists can be searched by words of error messages and details, ?text=… [default: false]
    #[arg(long, env = "LIVETRAIL_TEXT_SEARCH", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub text_search: Option<bool>,
    /// Seconds that a question to the log may take: a list with its figures, facets, a timeline, a report, a page of an export. Then
    /// it is ended and answered 503 [default: 10]
    #[arg(long, env = "LIVETRAIL_QUESTION_TIMEOUT", value_name = "SECONDS")]
    pub question_timeout: Option<u32>,
    /// Connections at once; more wait. Live streams leave a few of them to others [default: as many as open files are allowed,
    /// less 512]
    #[arg(long, env = "LIVETRAIL_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<u32>,
    /// Connections at once from one address, or from one /64 of IPv6; more are told to come back later. Behind a proxy all come from
    /// its address [default: no limit]
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
    /// What the server's own log says: error, warn, info, debug or a filter such as livetrail_server::http=debug
    /// [default: info]
    #[arg(long, env = "LIVETRAIL_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// How the server's own log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// An object a line, for programs.
    Json,
}

impl RawConfig {
    /// Takes from `file` what was not typed.
    pub(super) fn or(self, file: Self) -> Self {
        let list = |typed: Vec<String>, file| if typed.is_empty() { file } else { typed };
        let (database_url, database_url_file) =
            either((self.database_url, self.database_url_file), (file.database_url, file.database_url_file));
        let (jwt_secret_key, jwt_secret_key_file) = either(
            (self.jwt_secret_key, self.jwt_secret_key_file),
            (file.jwt_secret_key, file.jwt_secret_key_file),
        );
        let (jwt_secret_key_previous, jwt_secret_key_previous_file) = either(
            (self.jwt_secret_key_previous, self.jwt_secret_key_previous_file),
            (file.jwt_secret_key_previous, file.jwt_secret_key_previous_file),
        );
        Self {
            data_dir: self.data_dir.or(file.data_dir),
            database_url,
            database_url_file,
            listen: self.listen.or(file.listen),
            metrics_listen: self.metrics_listen.or(file.metrics_listen),
            tls_cert: self.tls_cert.or(file.tls_cert),
            tls_key: self.tls_key.or(file.tls_key),
            jwt_secret_key,
            jwt_secret_key_file,
            jwt_secret_key_previous,
            jwt_secret_key_previous_file,
            seal_key_file: self.seal_key_file.or(file.seal_key_file),
            query_token: self.query_token.or(file.query_token),
            cors_origin: list(self.cors_origin, file.cors_origin),
            public_url: self.public_url.or(file.public_url),
            actions: self.actions.or(file.actions),
            redact: self.redact.or(file.redact),
            redact_key: list(self.redact_key, file.redact_key),
            text_search: self.text_search.or(file.text_search),
            question_timeout: self.question_timeout.or(file.question_timeout),
            max_connections: self.max_connections.or(file.max_connections),
            max_connections_per_address: self
                .max_connections_per_address
                .or(file.max_connections_per_address),
            push_threads: self.push_threads.or(file.push_threads),
            demo: self.demo.or(file.demo),
            log_format: self.log_format.or(file.log_format),
            log: self.log.or(file.log),
        }
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

/// A value and the file that may hold it are one setting: whichever was typed beats both of the configuration file.
fn either(
    typed: (Option<String>, Option<PathBuf>),
    file: (Option<String>, Option<PathBuf>),
) -> (Option<String>, Option<PathBuf>) {
    if typed.0.is_some() || typed.1.is_some() { typed } else { file }
}
