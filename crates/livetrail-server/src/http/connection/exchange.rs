use super::{Peer, Visit, untaken::watched};
use crate::http::last_answer;
use axum::{Router, body::Body, extract::Request, response::Response};
use std::convert::Infallible;
use tower::ServiceExt;

/// The answer to a request.
pub(super) async fn answer(
    router: Router,
    peer: Peer,
    visit: Visit,
    request: Request<hyper::body::Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(visit.clone());
    let mut response = router.oneshot(request).await?;
    if peer.is_crowded() && visit.credential().is_none() {
        last_answer::make_last(&mut response);
    }
    Ok(watched(visit, response))
}
