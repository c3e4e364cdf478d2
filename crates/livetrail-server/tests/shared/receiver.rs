//! A receiver of webhooks on a real socket.

use crate::until::until;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing,
};
use serde_json::Value;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};
use tokio::{net::TcpListener, task::AbortHandle};

/// Instead of a status: it takes the request and does not answer.
pub(crate) const HOLD: u16 = 0;

/// A request that has come.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) key: String,
    /// How many signatures it has.
    pub(crate) signatures: usize,
    pub(crate) body: Value,
}

#[derive(Default)]
struct Behaviour {
    status: AtomicU16,
    taken: Mutex<Vec<Taken>>,
}

/// It ends with its value.
pub(crate) struct Receiver {
    pub(crate) url: String,
    behaviour: Arc<Behaviour>,
    task: AbortHandle,
}

impl Receiver {
    /// It answers with this status.
    pub(crate) async fn start(status: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let behaviour = Arc::new(Behaviour::default());
        behaviour.status.store(status, Ordering::Relaxed);
        let router = Router::new().route("/hook", routing::post(take)).with_state(Arc::clone(&behaviour));
        let task = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Self { url, behaviour, task }
    }

    /// It answers with this status from now on.
    pub(crate) fn answer(&self, status: u16) {
        self.behaviour.status.store(status, Ordering::Relaxed);
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.behaviour.taken.lock().expect("no panic").clone()
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.taken().into_iter().map(|taken| taken.key).collect()
    }

    /// Waits until so many requests have come; the last of them.
    pub(crate) async fn until(&self, count: usize) -> Taken {
        until(async || self.taken().len() >= count).await;
        assert_eq!(self.taken().len(), count, "{:?}", self.keys());
        self.taken().pop().expect("a request")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(behaviour): State<Arc<Behaviour>>, headers: HeaderMap, body: String) -> StatusCode {
    let header = |name| headers[name].to_str().expect("text").to_owned();
    let taken = Taken {
        key: header("webhook-id"),
        signatures: header("webhook-signature").split(' ').count(),
        body: serde_json::from_str(&body).expect("JSON"),
    };
    behaviour.taken.lock().expect("no panic").push(taken);
    match behaviour.status.load(Ordering::Relaxed) {
        HOLD => std::future::pending().await,
        status => StatusCode::from_u16(status).expect("a status"),
    }
}
