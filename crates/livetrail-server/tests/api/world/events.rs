use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use std::time::Duration;

/// Long enough that a machine under load does not fail a test, short enough that a hang does.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An event of a stream.
#[derive(Clone, Debug)]
pub(crate) struct StreamEvent {
    /// `heartbeat`, or none for a message.
    pub(crate) name: Option<String>,
    /// The cursor after it.
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
}

/// An open event stream.
pub(crate) struct EventStream {
    response: Response,
    buffer: String,
    /// The first message.
    pub(crate) connected: StreamEvent,
}

impl EventStream {
    pub(crate) async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let nothing = StreamEvent { name: None, id: None, data: Value::Null };
        let mut stream = Self { response, buffer: String::new(), connected: nothing };
        stream.connected = stream.next().await.expect("a first message");
        assert_eq!(stream.connected.data["type"], "connected");
        stream
    }

    /// The next event; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<StreamEvent> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("an event in time")
    }

    /// The event after `count` others.
    pub(crate) async fn nth(&mut self, count: usize) -> Option<StreamEvent> {
        for _ in 0..count {
            self.next().await?;
        }
        self.next().await
    }

    /// The activity of the next message that has one; heartbeats are passed over.
    pub(crate) async fn next_activity(&mut self) -> Value {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.data["type"] == "new_activity" {
                return event.data["data"].clone();
            }
        }
    }

    /// The positions of the next `count` activities.
    pub(crate) async fn positions(&mut self, count: usize) -> Vec<u64> {
        let mut positions = Vec::new();
        for _ in 0..count {
            positions.push(self.next_activity().await["position"].as_u64().expect("a position"));
        }
        positions
    }

    async fn read(&mut self) -> Option<StreamEvent> {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let (event, rest) = (parse(block), rest.to_owned());
                self.buffer = rest;
                if let Some(event) = event {
                    return Some(event);
                }
                continue;
            }
            let chunk = self.response.chunk().await.ok()??;
            self.buffer.push_str(&String::from_utf8_lossy(&chunk));
        }
    }
}

/// A block without data (such as `retry:` alone) is no event.
fn parse(block: &str) -> Option<StreamEvent> {
    let field = |name: &str| {
        block.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    };
    let data = field("data").map(|data| serde_json::from_str(&data).expect("JSON"))?;
    Some(StreamEvent { name: field("event"), id: field("id"), data })
}
