use super::PATIENCE;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// An open WebSocket of a server that may be killed at any moment.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens one; none if the server is gone before it has begun.
    pub(crate) async fn open(base_url: &str, path: &str, key: &str) -> Option<Self> {
        let address = base_url.strip_prefix("http://").expect("an address");
        let mut request = format!("ws://{address}{path}").into_client_request().expect("a request");
        request.headers_mut().insert("authorization", format!("Bearer {key}").parse().expect("a header"));
        let stream = TcpStream::connect(address).await.ok()?;
        let (stream, _) =
            timeout(PATIENCE, client_async(request, stream)).await.expect("an answer in time").ok()?;
        Some(Self(stream))
    }

    /// Says something; false when the connection has ended.
    pub(crate) async fn say(&mut self, object: &Value) -> bool {
        self.0.send(Message::Text(object.to_string().into())).await.is_ok()
    }

    /// The next object; none when the connection has ended, in whatever way.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("a message in time")?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).expect("JSON")),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}
