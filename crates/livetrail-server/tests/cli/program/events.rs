use super::PATIENCE;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

/// An event of a stream.
#[derive(Debug)]
pub(crate) struct Event {
    /// The cursor after it.
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
}

/// An open event stream of a server that may be killed at any moment.
pub(crate) struct EventStream {
    response: Response,
    buffer: Vec<u8>,
    /// Where it begins.
    pub(crate) cursor: String,
}

impl EventStream {
    /// Opens a stream; none if the server is gone before it has begun.
    pub(crate) async fn open(request: RequestBuilder) -> Option<Self> {
        let response = request.send().await.ok()?;
        assert_eq!(response.status(), 200);
        let mut stream = Self { response, buffer: Vec::new(), cursor: String::new() };
        let connected = stream.next().await?;
        assert_eq!(connected.data["type"], "connected");
        stream.cursor = connected.id.expect("a cursor");
        Some(stream)
    }

    /// The next event; none when the stream has ended, in whatever way.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("an event in time")
    }

    /// The activity of the next message that has one.
    pub(crate) async fn next_activity(&mut self) -> Value {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.data["type"] == "new_activity" {
                return event.data["data"].clone();
            }
        }
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                if let Some(event) = parse(&String::from_utf8_lossy(&block)) {
                    return Some(event);
                }
            }
            self.buffer.extend_from_slice(&self.response.chunk().await.ok()??);
        }
    }
}

/// A block without data (such as `retry:` alone) is no event.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| {
        block.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    };
    let data = serde_json::from_str(&field("data")?).expect("JSON");
    Some(Event { id: field("id"), data })
}
