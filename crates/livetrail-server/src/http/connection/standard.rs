//! Connections that hyper serves for their whole life, with a task for each live stream.

use super::{
    Peer, Service, Visit,
    exchange::answer,
    limits::{BUFFER_BYTES, GRACE, HEAD_TIMEOUT, MAX_HEAD_BYTES, MAX_STREAMS, PING_INTERVAL, WINDOW_BYTES},
    watch::Watch,
};
use crate::{
    connections::ConnectionPermit,
    http::{
        last_answer::LastAnswer,
        live::{self, Handoff},
    },
};
use axum::{Router, extract::Request, response::Response};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use std::{convert::Infallible, pin::pin, sync::Arc};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::task::TaskTracker;

impl Service {
    /// Serves a connection by hyper until it ends.
    pub(super) async fn standard<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
        self,
        stream: S,
        peer: Peer,
        watch: Arc<Watch>,
        _room: ConnectionPermit,
    ) {
        let (router, websockets) = (self.router, TaskTracker::new());
        let (watched, spawning) = (Arc::clone(&watch), websockets.clone());
        let ends = self.stopping.child_token();
        let end = ends.clone();
        let service = hyper::service::service_fn(move |request| {
            let answering =
                answer_or_upgrade(router.clone(), peer, watched.request(), request, spawning.clone());
            let end = end.clone();
            // The future that answers is boxed: it is much larger than an answer that waits to be taken, and a
            // connection may have many of those.
            Box::pin(async move {
                let response = answering.await?;
                if response.extensions().get::<LastAnswer>().is_some() {
                    // Over HTTP/2 no header says that this answer is the last one.
                    end.cancel();
                }
                Ok::<_, Infallible>(response)
            })
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(BUFFER_BYTES);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(PING_INTERVAL));
        builder.http2().max_concurrent_streams(MAX_STREAMS).max_header_list_size(MAX_HEAD_BYTES);
        builder.http2().initial_stream_window_size(WINDOW_BYTES).initial_connection_window_size(WINDOW_BYTES);
        builder.http2().max_send_buf_size(BUFFER_BYTES);
        let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = &mut connection => ended,
            why = watch.expired() => Err(why.into()),
            () = ends.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let last = tokio::time::timeout(GRACE, connection).await;
                last.unwrap_or_else(|_| Err("the last answers were not taken".into()))
            }
        };
        // Clients that go away in the middle are everyday life.
        if let Err(error) = ended {
            tracing::debug!(error, "a connection ended");
        }
        websockets.close();
        websockets.wait().await;
    }
}

/// The answer to a request that may be for a WebSocket.
async fn answer_or_upgrade(
    router: Router,
    peer: Peer,
    visit: Visit,
    mut request: Request<hyper::body::Incoming>,
    websockets: TaskTracker,
) -> Result<Response, Infallible> {
    let upgrade = hyper::upgrade::on(&mut request);
    let mut response = answer(router, peer, visit, request).await?;
    if let Some(Handoff::WebSocket(opened)) = Handoff::detach(&mut response)
        && let Some(opened) = opened.take()
    {
        websockets.spawn(async move {
            match upgrade.await {
                Ok(stream) => live::speak(opened, TokioIo::new(stream)).await,
                Err(error) => tracing::debug!(%error, "a WebSocket could not begin"),
            }
        });
    }
    Ok(response)
}
