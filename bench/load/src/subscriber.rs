//! The SSE clients: all of them on a few threads, each thread one epoll loop with one buffer, so that ten thousand
//! clients cost the machine little besides what the server does for them.

use crate::{
    args::Options,
    clock::Clock,
    http1::{self, Chunks, Framing},
    marker::{Carry, Scanner},
    report::Latencies,
};
use anyhow::{Context, ensure};
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use socket2::{Domain, Socket, Type};
use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// What the threads tell while they run.
#[derive(Default)]
pub(crate) struct Progress {
    /// Clients that got their 200.
    pub(crate) subscribed: AtomicU64,
    /// Clients that were refused, or whose stream ended.
    pub(crate) closed: AtomicU64,
    /// Markers received by all clients.
    pub(crate) delivered: AtomicU64,
    /// Set by the one who asks the threads to return.
    pub(crate) stop: AtomicBool,
}

/// What one thread measured.
pub(crate) struct Received {
    pub(crate) latencies: Latencies,
    /// Markers of each client that subscribed.
    pub(crate) per_client: Vec<u64>,
}

/// Opens the clients with these numbers and reads until `progress.stop`.
pub(crate) fn read_all(
    options: &Options,
    numbers: impl Iterator<Item = usize>,
    clock: Clock,
    progress: &Progress,
) -> anyhow::Result<Received> {
    let path = options.sse.as_deref().unwrap_or_default();
    let headers = options.header.iter().chain(&options.sse_header);
    let request =
        http1::request_head("GET", path, options.addr, headers) + "Accept: text/event-stream\r\n\r\n";
    let mut poll = Poll::new()?;
    let mut clients = Vec::new();
    for number in numbers {
        let mut stream = connect(options, number).with_context(|| format!("client {number}"))?;
        stream.write_all(request.as_bytes())?;
        poll.registry().register(&mut stream, Token(clients.len()), Interest::READABLE)?;
        clients.push(Client::new(stream));
    }

    let scanner = Scanner::new();
    let mut latencies = Latencies::new();
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; 256 * 1024];
    while !progress.stop.load(Relaxed) {
        if let Err(error) = poll.poll(&mut events, Some(Duration::from_millis(50))) {
            ensure!(error.kind() == ErrorKind::Interrupted, error);
        }
        for event in &events {
            let client = &mut clients[event.token().0];
            client.read(&mut buffer, event.is_read_closed(), &scanner, clock, &mut latencies, progress);
        }
    }
    let per_client =
        clients.iter().filter(|client| client.body.is_some()).map(|client| client.received).collect();
    Ok(Received { latencies, per_client })
}

/// Connected by blocking, which paces the connections by what the server accepts; non-blocking from then on.
fn connect(options: &Options, number: usize) -> anyhow::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(options.addr), Type::STREAM, None)?;
    if options.source_ips > 0 {
        let last = 2 + u8::try_from(number % usize::from(options.source_ips))?;
        socket.bind(&SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)).into())?;
    }
    socket.connect(&options.addr.into())?;
    socket.set_nonblocking(true)?;
    Ok(TcpStream::from_std(socket.into()))
}

struct Client {
    stream: TcpStream,
    /// The response's head as far as it has arrived; empty from then on.
    head: Vec<u8>,
    /// Set with the head of a good answer.
    body: Option<Body>,
    open: bool,
    received: u64,
}

struct Body {
    /// None where the body simply lasts until the connection ends.
    chunks: Option<Chunks>,
    carry: Carry,
}

impl Client {
    fn new(stream: TcpStream) -> Self {
        Self { stream, head: Vec::new(), body: None, open: true, received: 0 }
    }

    /// Reads what there is. A read that does not fill the buffer has emptied the socket: asking again would cost a
    /// system call for each delivery only to hear so, unless the stream has ended too.
    fn read(
        &mut self,
        buffer: &mut [u8],
        ends: bool,
        scanner: &Scanner,
        clock: Clock,
        latencies: &mut Latencies,
        progress: &Progress,
    ) {
        while self.open {
            let outcome = match self.stream.read(buffer) {
                Ok(0) => Err(anyhow::anyhow!("the stream ended")),
                Ok(length) => {
                    let now = clock.now_ns();
                    let before = self.received;
                    let mut found = |ns| {
                        latencies.record(now.saturating_sub(ns));
                        self.received += 1;
                    };
                    let taken = take(
                        &mut self.head,
                        &mut self.body,
                        &buffer[..length],
                        scanner,
                        progress,
                        &mut found,
                    );
                    progress.delivered.fetch_add(self.received - before, Relaxed);
                    taken.map(|()| ends || length == buffer.len())
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => Ok(true),
                Err(error) => Err(error.into()),
            };
            match outcome {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    self.open = false;
                    if progress.closed.fetch_add(1, Relaxed) == 0 {
                        eprintln!("a client's stream is over: {error:#}");
                    }
                }
            }
        }
    }
}

fn take(
    head: &mut Vec<u8>,
    body: &mut Option<Body>,
    bytes: &[u8],
    scanner: &Scanner,
    progress: &Progress,
    found: &mut impl FnMut(u64),
) -> anyhow::Result<()> {
    if let Some(body) = body {
        return body.take(bytes, scanner, found);
    }
    head.extend_from_slice(bytes);
    let Some(parsed) = http1::parse_head(head)? else { return Ok(()) };
    ensure!(parsed.status == 200, "{}", String::from_utf8_lossy(head));
    progress.subscribed.fetch_add(1, Relaxed);
    let chunks = (parsed.framing == Framing::Chunked).then(Chunks::default);
    let rest = std::mem::take(head);
    body.insert(Body { chunks, carry: Carry::default() }).take(&rest[parsed.length..], scanner, found)
}

impl Body {
    fn take(&mut self, bytes: &[u8], scanner: &Scanner, found: &mut impl FnMut(u64)) -> anyhow::Result<()> {
        let carry = &mut self.carry;
        let Some(chunks) = &mut self.chunks else {
            scanner.scan(carry, bytes, found);
            return Ok(());
        };
        let ended = chunks.feed(bytes, |data| scanner.scan(carry, data, found))?;
        ensure!(!ended, "the server ended the stream");
        Ok(())
    }
}
