use reqwest::Response;

/// An event of an event stream (the WHATWG's `text/event-stream`).
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::cli) struct Event {
    /// Its name; a plain message has none.
    pub(in crate::cli) name: Option<String>,
    /// Where the stream is after it.
    pub(in crate::cli) id: Option<String>,
    /// Its data.
    pub(in crate::cli) data: String,
}

/// Reads events from an answer as they come.
pub(in crate::cli) struct EventReader {
    response: Response,
    buffer: Vec<u8>,
}

impl EventReader {
    pub(in crate::cli) fn new(response: Response) -> Self {
        Self { response, buffer: Vec::new() }
    }

    /// The next event; `None` when the connection ends, in whatever way.
    pub(in crate::cli) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = take_event(&mut self.buffer) {
                return Some(event);
            }
            self.buffer.extend_from_slice(&self.response.chunk().await.ok()??);
        }
    }
}

/// Takes the first whole event off the buffer. Our server ends lines with a line feed and each event with an empty
/// line.
fn take_event(buffer: &mut Vec<u8>) -> Option<Event> {
    loop {
        let end = buffer.windows(2).position(|pair| pair == b"\n\n")?;
        let block: Vec<u8> = buffer.drain(..end + 2).collect();
        let event = parse(&String::from_utf8_lossy(&block));
        if !event.data.is_empty() {
            return Some(event);
        }
    }
}

fn parse(block: &str) -> Event {
    let mut event = Event::default();
    for (field, value) in block.lines().filter_map(|line| line.split_once(": ")) {
        match field {
            "event" => event.name = Some(value.into()),
            "id" => event.id = Some(value.into()),
            "data" => event.data.push_str(value),
            _ => {}
        }
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_whole_and_retry_lines_are_passed_over() {
        let mut buffer =
            b"retry: 1000\n\nid: a-1\ndata: {}\n\nevent: heartbeat\nid: a-2\ndata: {\"head\"".to_vec();
        let first = Event { name: None, id: Some("a-1".into()), data: "{}".into() };
        assert_eq!(take_event(&mut buffer), Some(first));
        assert_eq!(take_event(&mut buffer), None);
        buffer.extend_from_slice(b": 2}\n\n");
        let named = take_event(&mut buffer).expect("an event");
        assert_eq!((named.name.as_deref(), named.data.as_str()), (Some("heartbeat"), "{\"head\": 2}"));
        assert!(buffer.is_empty());
    }
}
