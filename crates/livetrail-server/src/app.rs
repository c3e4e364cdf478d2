use crate::{
    access::{Access, Brake, CredentialId, LogSecrets, Oidc, Seal, SealKeys, TokenVerifier},
    alerts::{
        AlertEvents,
        delivery::{Delivery, DestinationSeal, Sender},
    },
    config::{Config, Database},
    connections::{Client, Limits},
    directory::Directory,
    disk,
    environment::Environment,
    erasure::Erasures,
    hub::Hub,
    ingest::Ingest,
    log_limit::LogLimit,
    log_span,
    metrics::{Requests, register_pools},
    places::Places,
    questions::Questions,
    retention::Retention,
    self_audit::SelfAudit,
    shares::Shares,
};
use livetrail_store::{RemoteChanges, Store, StoreError};
use livetrail_types::{Catalogue, FilterContext};
use prometheus_client::{metrics::gauge::Gauge, registry::Registry};
use std::{
    sync::{Arc, Weak},
    thread::available_parallelism,
    time::Duration,
};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

/// Bytes of bodies of activities that are read, parsed and stored at once, and how many of them one credential may
/// hold: two bodies of the largest size. What is made of a body while it is parsed takes about twice its size.
const INTAKE_BYTES: usize = 96_000_000;
const INTAKE_BYTES_OF_ONE: usize = 24_000_000;

/// Bytes of answers that wait for their clients, and how many of them one client may leave untaken: two lists of the
/// largest activities, or four exports.
const UNREAD_BYTES: usize = 256_000_000;
const UNREAD_BYTES_OF_ONE: usize = 32_000_000;

/// The parts of a server, put together.
pub struct App {
    /// How the server is to run.
    pub settings: Config,
    /// What is durable.
    pub store: Arc<dyn Store>,
    /// How pages, figures and groups are asked for.
    pub questions: Questions,
    /// The way in.
    pub ingest: Arc<Ingest>,
    /// The way out to live clients.
    pub hub: Arc<Hub>,
    /// Who users are.
    pub directory: Arc<Directory>,
    /// Who may do what.
    pub access: Arc<Access>,
    /// Single sign-on, if it is configured.
    pub(crate) oidc: Option<Oidc>,
    /// Slows down the guessing of credentials.
    pub(crate) brake: Brake,
    /// The actions that have a name.
    pub catalogue: Arc<Catalogue>,
    /// How long activities are kept.
    pub(crate) retention: Retention,
    /// The erasure that is under way.
    pub(crate) erasures: Erasures,
    /// What the evaluation of alert rules tells.
    pub(crate) alerts: AlertEvents,
    /// Notifies channels of alerts.
    pub(crate) delivery: Delivery,
    /// Where addresses are, for alert rules.
    pub(crate) places: Arc<Places>,
    /// What Livetrail itself puts into the log.
    pub self_audit: SelfAudit,
    /// Time and chance.
    pub environment: Arc<dyn Environment>,
    /// Places for live streams.
    pub(crate) streams: Arc<Shares<CredentialId>>,
    /// Bytes of answers that clients have not taken yet.
    pub(crate) unread: Arc<Shares<Client>>,
    /// How browsers reach the page, without a slash at the end: as the settings say, or where the server listens.
    pub public_url: String,
    /// The memory for request bodies of activities.
    pub(crate) intake: Arc<Shares<CredentialId>>,
    /// Second threads for large bodies of activities. They are fewer than the cores, because other work needs those,
    /// too.
    pub(crate) second_threads: Arc<Semaphore>,
    /// Which failures are written into the server's own log.
    pub(crate) log_limit: LogLimit,
    /// Counts requests, by what the API calls them.
    pub(crate) requests: Requests,
    /// What the parts count of themselves.
    pub metrics: Registry,
    /// Set when the server is to stop: streams end, so that everything else can.
    pub stopping: CancellationToken,
    /// Set, before the former, when the log was put back to an earlier state: the server begins anew with it.
    pub restored: CancellationToken,
}

impl App {
    /// Puts the parts together over `store`. `reached_at` is where browsers find the page if the configuration does
    /// not say.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(
        config: &Config,
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        reached_at: String,
    ) -> Result<Arc<Self>, StoreError> {
        let catalogue = Arc::new(config.catalogue.clone());
        let directory = Arc::new(Directory::new(Arc::clone(&store)));
        let mut registry = Registry::with_prefix("livetrail");
        let hub =
            Hub::start(Arc::clone(&store), Arc::clone(&directory), Arc::clone(&catalogue), &mut registry)
                .await?;
        let redaction = config.redaction.clone();
        let secrets = secrets(config, &store, &environment).await?;
        let key = secrets.session_ids;
        let ingest =
            Ingest::start(Arc::clone(&store), Arc::clone(&hub), Arc::clone(&environment), redaction, key)
                .await?;
        ingest.register(&mut registry);
        let ingest = Arc::new(ingest);
        let tokens = TokenVerifier::start(&config.tokens, &secrets.jwt, &environment)
            .map_err(|error| StoreError::Internal(error.to_string()))?;
        // What changes from here on is read again.
        let mut remote_changes = store.remote_changes();
        let seen = remote_changes.borrow_and_update().credentials;
        let access = Arc::new(Access::load(Arc::clone(&store), Arc::clone(&environment), tokens).await?);
        let questions = Questions::open(
            Arc::clone(&store),
            Arc::clone(&hub),
            Arc::clone(&catalogue),
            config.question_timeout,
            (&config.data_dir, config.index_memory, config.text_search),
            &mut registry,
        )
        .await?;
        let alerts = AlertEvents::register(&mut registry);
        let requests = Requests::register(&mut registry);
        register_pools(Arc::downgrade(&store), &mut registry);
        let set_aside = Gauge::<i64>::default();
        let help = "Rows inserted by an application that cannot be taken into the log for now";
        registry.register("rows_set_aside", help, set_aside.clone());
        if let Database::Sqlite(folder) = &config.database {
            disk::watch(folder.clone(), Arc::downgrade(&access), &mut registry);
        }
        let (stopping, restored) = (CancellationToken::new(), CancellationToken::new());
        let following =
            follow_remote_changes(Arc::downgrade(&access), remote_changes.clone(), seen, set_aside);
        log_span::spawn("remote-changes", following);
        tokio::spawn(stop_when_restored(remote_changes, stopping.clone(), restored.clone()));
        let public_url = config.public_url.clone().unwrap_or(reached_at);
        let sender = Sender::new(config, &public_url, Arc::clone(&environment));
        let seal = DestinationSeal::new(secrets.destinations, Arc::clone(&environment))?;
        let delivery = Delivery::new(sender, seal, &mut registry);
        let oidc = config.oidc.clone().map(|settings| Oidc::start(settings, &public_url, &environment));
        let oidc = oidc.transpose().map_err(|error| StoreError::Internal(error.to_string()))?;
        let places = Places::open(config.geoip_file.as_deref())
            .map_err(|error| StoreError::Internal(format!("{error:#}")))?;
        let streams = Limits::of(config).streams();
        Ok(Arc::new(Self {
            settings: config.clone(),
            access,
            oidc,
            brake: Brake::new(),
            alerts,
            delivery,
            places: Arc::new(places),
            self_audit: SelfAudit::new(Arc::clone(&ingest)),
            questions,
            retention: Retention::new(config.retention.clone()),
            erasures: Erasures::default(),
            store,
            ingest,
            hub,
            directory,
            catalogue,
            environment,
            streams: Shares::new(streams, streams),
            unread: Shares::new(UNREAD_BYTES, UNREAD_BYTES_OF_ONE),
            public_url,
            intake: Shares::new(INTAKE_BYTES, INTAKE_BYTES_OF_ONE),
            second_threads: Arc::new(Semaphore::new(
                available_parallelism().map_or(0, |cores| cores.get() / 2),
            )),
            log_limit: LogLimit::default(),
            requests,
            metrics: registry,
            stopping,
            restored,
        }))
    }

    /// What a filter's words refer to.
    pub fn filter_context(&self) -> FilterContext<'_> {
        FilterContext {
            catalogue: &self.catalogue,
            session_key: self.ingest.session_key(),
            text_search: self.settings.text_search,
        }
    }
}

/// Opens the secrets that the log has made for itself.
async fn secrets(
    config: &Config,
    store: &Arc<dyn Store>,
    environment: &Arc<dyn Environment>,
) -> Result<LogSecrets, StoreError> {
    LogSecrets::open(&**store, seal(config, environment)?, &**environment).await
}

/// The keys of this node that seal and open the log's secrets.
pub(crate) fn seal(config: &Config, environment: &Arc<dyn Environment>) -> Result<Seal, StoreError> {
    let keys = SealKeys {
        seal_key: config.seal_key.as_ref(),
        jwt_secret: config.jwt_secret.as_ref(),
        jwt_secret_previous: config.jwt_secret_previous.as_ref(),
    };
    Seal::of(keys, &config.data_dir, Arc::clone(environment))
}

/// How long to wait before a store that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Stops the server when the log was put back to an earlier state. It ends with the store.
async fn stop_when_restored(
    mut remote_changes: watch::Receiver<RemoteChanges>,
    stopping: CancellationToken,
    restored: CancellationToken,
) {
    if remote_changes.wait_for(|changes| changes.restored).await.is_ok() {
        restored.cancel();
        stopping.cancel();
    }
}

/// Publishes the number of rows that are set aside, and reloads the credentials when another node may have changed
/// them. It ends with the last user of `access`.
async fn follow_remote_changes(
    access: Weak<Access>,
    mut remote_changes: watch::Receiver<RemoteChanges>,
    mut seen: u64,
    set_aside: Gauge,
) {
    while remote_changes.changed().await.is_ok() {
        let RemoteChanges { credentials, set_aside: rows, .. } = *remote_changes.borrow_and_update();
        set_aside.set(i64::try_from(rows).unwrap_or(i64::MAX));
        while seen != credentials {
            let Some(access) = access.upgrade() else { return };
            match access.reload().await {
                Ok(()) => seen = credentials,
                Err(error) => {
                    tracing::warn!(%error, "credentials that changed on another node are not known yet");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}
