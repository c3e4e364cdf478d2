use super::{PATIENCE, World};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        handshake::client::{Request, Response},
    },
};

/// An open WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// The server's half of the handshake.
    pub(crate) answer: Response,
}

impl Socket {
    /// Opens one with the admin's key and reads nothing yet.
    pub(crate) async fn open(world: &World, path: &str) -> Self {
        let key = format!("Bearer {}", world.admin);
        let with_key = |request: &mut Request| {
            request.headers_mut().insert("authorization", key.parse().expect("a header"));
        };
        Self::try_open(world, path, with_key).await.expect("a WebSocket")
    }

    /// Asks for one as `change` says; the status if it is refused.
    pub(crate) async fn try_open(
        world: &World,
        path: &str,
        change: impl FnOnce(&mut Request),
    ) -> Result<Self, u16> {
        let address = world.base_url.strip_prefix("http://").expect("an address");
        let mut request = format!("ws://{address}{path}").into_client_request().expect("a request");
        change(&mut request);
        let stream = TcpStream::connect(address).await.expect("a connection");
        match timeout(PATIENCE, client_async(request, stream)).await.expect("an answer in time") {
            Ok((stream, answer)) => Ok(Self { stream, answer }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// What comes next, as it comes.
    pub(crate) async fn receive(&mut self) -> Option<Message> {
        let message = timeout(PATIENCE, self.stream.next()).await.expect("a message in time");
        message.and_then(Result::ok)
    }

    /// The next object.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.receive().await.expect("the conversation goes on") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) => {}
                other => panic!("no object: {other:?}"),
            }
        }
    }

    /// The next object that is no heartbeat.
    pub(crate) async fn next_but_heartbeats(&mut self) -> Value {
        loop {
            let next = self.next().await;
            if next["type"] != "heartbeat" {
                return next;
            }
        }
    }

    pub(crate) async fn say(&mut self, object: Value) {
        self.send(Message::Text(object.to_string().into())).await;
    }

    /// Sends bytes as they are.
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).await.expect("a connection");
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.stream.send(message).await.expect("a message");
    }
}
