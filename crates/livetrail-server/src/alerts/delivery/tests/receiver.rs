//! A receiver of HTTP requests.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, Response},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) method: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// A server that keeps what it receives, until it is dropped.
pub(super) struct Receiver {
    pub(super) port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Answers each request by its path.
    pub(super) async fn start(
        address: &str,
        tls: Option<TlsAcceptor>,
        answer: impl Fn(&str) -> Response<Body> + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((address, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let kept = Arc::clone(&received);
        let router = Router::new().fallback(move |request: Request| {
            let (kept, answer) = (Arc::clone(&kept), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, 1_000_000).await.expect("a body");
                let body = String::from_utf8(body.to_vec()).expect("a text");
                let method = parts.method.to_string();
                kept.lock().expect("no panic").push(Received { method, headers: parts.headers, body });
                answer(parts.uri.path())
            }
        });
        let serving = tokio::spawn(accept(listener, tls, router));
        Self { port, received, serving }
    }

    /// Answers each request with this status.
    pub(super) async fn answering(status: u16) -> Self {
        Self::start("127.0.0.1", None, move |_| self::status(status)).await
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic").clone()
    }

    /// The only request that came.
    pub(super) fn only(&self) -> Received {
        let mut all = self.received();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

pub(super) fn status(status: u16) -> Response<Body> {
    Response::builder().status(status).body(Body::empty()).expect("an answer")
}

pub(super) fn redirect(status: u16, to: &str) -> Response<Body> {
    Response::builder().status(status).header("location", to).body(Body::empty()).expect("an answer")
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, router) = (tls.clone(), router.clone());
        tokio::spawn(async move {
            let Some(tls) = tls else { return serve(stream, router).await };
            // A client that does not trust the certificate leaves.
            if let Ok(stream) = tls.accept(stream).await {
                serve(stream, router).await;
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, router: Router) {
    let service = TowerToHyperService::new(router);
    // The client may leave at any time.
    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}
