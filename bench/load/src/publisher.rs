//! The publishers: each one connection with one request under way.

use crate::{
    args::Options,
    clock::Clock,
    http1::{self, Chunks, Framing, Head},
    report::Latencies,
    template::{Template, Unique},
};
use anyhow::ensure;
use std::{rc::Rc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, sleep_until},
};

/// What the publishers did.
pub(crate) struct Published {
    pub(crate) latencies: Latencies,
    /// Events that the server acknowledged.
    pub(crate) acked: u64,
    /// Events that it refused, or that were under way when a connection broke.
    pub(crate) failed: u64,
    pub(crate) seconds: f64,
}

/// Publishes for `options.secs`, then waits for the answers that are still due.
pub(crate) async fn publish_all(options: &Options, path: &str, clock: Clock) -> anyhow::Result<Published> {
    let template = Rc::new(Template::new(&options.body, options.content_type.contains("ndjson")));
    let headers = options.header.iter().chain(&options.publish_header);
    let head = http1::request_head("POST", path, options.addr, headers);
    let head = format!("{head}Content-Type: {}\r\n", options.content_type);
    let begin = Instant::now();
    let tasks = tokio::task::LocalSet::new();
    let mut running = Vec::new();
    for number in 0..options.pub_conns {
        let publisher = Publisher {
            number,
            options: options.clone(),
            template: Rc::clone(&template),
            head: head.clone(),
            clock,
            begin,
            sequence: 0,
            done: Published { latencies: Latencies::new(), acked: 0, failed: 0, seconds: 0.0 },
        };
        running.push(tasks.spawn_local(publisher.run()));
    }
    let mut all = Published { latencies: Latencies::new(), acked: 0, failed: 0, seconds: 0.0 };
    tasks.await;
    for task in running {
        let one = task.await?;
        all.latencies.add(&one.latencies);
        all.acked += one.acked;
        all.failed += one.failed;
    }
    all.seconds = begin.elapsed().as_secs_f64();
    Ok(all)
}

struct Publisher {
    number: usize,
    options: Options,
    template: Rc<Template>,
    head: String,
    clock: Clock,
    begin: Instant,
    sequence: u64,
    done: Published,
}

impl Publisher {
    async fn run(mut self) -> Published {
        let batch = self.options.batch as f64;
        let publishers = self.options.pub_conns as f64;
        let gap = (self.options.rate > 0.0)
            .then(|| Duration::from_secs_f64(publishers * batch / self.options.rate));
        let mut due = self.begin + gap.unwrap_or_default().mul_f64(self.number as f64 / publishers);
        let end = self.begin + Duration::from_secs_f64(self.options.secs);
        let mut connection = None;
        let (mut body, mut request) = (Vec::new(), Vec::new());
        while Instant::now() < end {
            if let Some(gap) = gap {
                sleep_until(due.min(end)).await;
                if due >= end {
                    break;
                }
                due += gap;
            }
            let sent_at = self.clock.now_ns();
            self.render(&mut body, &mut request, sent_at);
            match exchange(&mut connection, &self.options, &request).await {
                Ok(answer) => self.note(&answer, sent_at),
                Err(error) => {
                    self.fail(&format!("{error:#}"), self.options.batch as u64);
                    connection = None;
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
        self.done
    }

    fn render(&mut self, body: &mut Vec<u8>, request: &mut Vec<u8>, ns: u64) {
        let (process, publisher, sequence) = (std::process::id(), self.number, &mut self.sequence);
        self.template.render(body, self.options.batch, ns, || {
            *sequence += 1;
            Unique { process, publisher, sequence: *sequence }
        });
        request.clear();
        request.extend_from_slice(self.head.as_bytes());
        request.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        request.extend_from_slice(body);
    }

    fn note(&mut self, answer: &Answer, sent_at: u64) {
        let batch = self.options.batch as u64;
        if !(200..300).contains(&answer.status) {
            let text = String::from_utf8_lossy(&answer.body);
            self.fail(&format!("{} {text:.300}", answer.status), batch);
            return;
        }
        self.done.latencies.record(self.clock.now_ns().saturating_sub(sent_at));
        let accepted = if batch > 1 { accepted(&answer.body).unwrap_or(batch) } else { 1 };
        self.done.acked += accepted;
        if accepted < batch {
            self.fail("a batch was taken in part", batch - accepted);
        }
    }

    /// The first failure of each publisher is told, not every one.
    fn fail(&mut self, why: &str, events: u64) {
        if self.done.failed == 0 {
            eprintln!("publisher {}: {why}", self.number);
        }
        self.done.failed += events;
    }
}

/// How many events of a batch the server says it took, where it says so.
fn accepted(body: &[u8]) -> Option<u64> {
    let name = b"\"accepted\":";
    let digits = &body[memchr::memmem::find(body, name)? + name.len()..];
    let text: String = digits.iter().map(|&b| char::from(b)).take_while(char::is_ascii_digit).collect();
    text.parse().ok()
}

struct Answer {
    status: u16,
    body: Vec<u8>,
}

async fn exchange(
    connection: &mut Option<TcpStream>,
    options: &Options,
    request: &[u8],
) -> anyhow::Result<Answer> {
    let stream = match connection {
        Some(stream) => stream,
        None => {
            let stream = TcpStream::connect(options.addr).await?;
            stream.set_nodelay(true)?;
            connection.insert(stream)
        }
    };
    stream.write_all(request).await?;
    let mut bytes = Vec::with_capacity(4096);
    let head = loop {
        receive(stream, &mut bytes).await?;
        if let Some(head) = http1::parse_head(&bytes)? {
            break head;
        }
    };
    let rest = bytes.split_off(head.length);
    let body = read_body(stream, &head, rest).await?;
    Ok(Answer { status: head.status, body })
}

async fn read_body(stream: &mut TcpStream, head: &Head, mut bytes: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    match head.framing {
        Framing::Length(length) => {
            while bytes.len() < length {
                receive(stream, &mut bytes).await?;
            }
            Ok(bytes)
        }
        Framing::Chunked => {
            let (mut chunks, mut body) = (Chunks::default(), Vec::new());
            while !chunks.feed(&bytes, |data| body.extend_from_slice(data))? {
                bytes.clear();
                receive(stream, &mut bytes).await?;
            }
            Ok(body)
        }
        Framing::UntilClose => anyhow::bail!("an answer without a length"),
    }
}

async fn receive(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> anyhow::Result<()> {
    bytes.reserve(4096);
    ensure!(stream.read_buf(bytes).await? > 0, "the server closed the connection");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn the_accepted_events_of_a_batch_are_found() {
        assert_eq!(accepted(b"{\"accepted\":998,\"rejected\":[]}"), Some(998));
        assert_eq!(accepted(b"{}"), None);
    }
}
