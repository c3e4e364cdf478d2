//! What one publisher sends: requests that differ in their markers and in what is unique.

use crate::{
    args::Target,
    http1,
    template::{Template, Unique},
};

pub(crate) struct Requests {
    template: Template,
    head: String,
    publisher: usize,
    batch: usize,
    /// The number of the last event.
    sequence: u64,
    body: Vec<u8>,
    bytes: Vec<u8>,
}

impl Requests {
    /// `batch`: events in each of them.
    pub(crate) fn new(target: &Target, path: &str, publisher: usize, batch: usize) -> Self {
        let lines = target.content_type.contains("ndjson");
        let template = Template::new(&target.body, lines, target.filters as u64);
        let headers = target.header.iter().chain(&target.publish_header);
        let head = http1::request_head("POST", path, target.addr, headers);
        let head = format!("{head}Content-Type: {}\r\n", target.content_type);
        Self { template, head, publisher, batch, sequence: 0, body: Vec::new(), bytes: Vec::new() }
    }

    /// The next request, marked with this moment.
    pub(crate) fn next(&mut self, ns: u64) -> &[u8] {
        let (process, publisher, sequence) = (std::process::id(), self.publisher, &mut self.sequence);
        self.template.render(&mut self.body, self.batch, ns, || {
            *sequence += 1;
            Unique { process, publisher, sequence: *sequence }
        });
        self.bytes.clear();
        self.bytes.extend_from_slice(self.head.as_bytes());
        self.bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
        self.bytes.extend_from_slice(&self.body);
        &self.bytes
    }

    /// Which clients the last event was for, if not for all.
    pub(crate) fn filter(&self) -> Option<usize> {
        self.template.filter_of(self.sequence)
    }
}
