//! The least a server can do: one thread, epoll, one `write` for each delivery of what was posted, nothing stored.
//!
//! What the generator reaches against this is its own ceiling on this machine; no number of a real server that comes
//! near it says anything about that server.

use crate::http1;
use mio::{
    Events, Interest, Poll, Token,
    net::{TcpListener, TcpStream},
};
use std::{
    collections::HashMap,
    io::{ErrorKind, Read, Write},
    net::SocketAddr,
};

const LISTENER: Token = Token(0);
/// A client that is so far behind is cut.
const MAX_BACKLOG: usize = 4 * 1024 * 1024;
const STREAM_HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const CREATED: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";

/// Serves until the process is ended. GET subscribes, POST publishes, whatever the path.
pub(crate) fn serve(addr: SocketAddr) -> anyhow::Result<()> {
    let mut listener = TcpListener::bind(addr)?;
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    println!("listening on http://{}", listener.local_addr()?);
    let mut events = Events::with_capacity(1024);
    let mut server = Server { peers: HashMap::new(), subscribers: Vec::new(), next: 1 };
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        for event in &events {
            if event.token() == LISTENER {
                server.accept(&listener, &poll)?;
                continue;
            }
            if event.is_writable() && server.peers.get_mut(&event.token()).is_some_and(|peer| !peer.send(&[]))
            {
                server.forget(event.token());
            }
            if event.is_readable() {
                server.read(event.token(), &mut buffer);
            }
        }
    }
}

struct Server {
    peers: HashMap<Token, Peer>,
    subscribers: Vec<Token>,
    next: usize,
}

impl Server {
    fn accept(&mut self, listener: &TcpListener, poll: &Poll) -> anyhow::Result<()> {
        while let Ok((mut stream, _)) = listener.accept() {
            stream.set_nodelay(true)?;
            let token = Token(self.next);
            self.next += 1;
            poll.registry().register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
            self.peers.insert(token, Peer { stream, request: Vec::new(), backlog: Vec::new() });
        }
        Ok(())
    }

    fn read(&mut self, token: Token, buffer: &mut [u8]) {
        while let Some(peer) = self.peers.get_mut(&token) {
            match peer.stream.read(buffer) {
                Ok(0) => self.forget(token),
                Ok(length) => {
                    peer.request.extend_from_slice(&buffer[..length]);
                    self.answer(token);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => self.forget(token),
            }
        }
    }

    /// Answers every request that has arrived whole.
    fn answer(&mut self, token: Token) {
        while let Some(peer) = self.peers.get_mut(&token) {
            let Ok(Some(head)) = http1::parse_head(&peer.request) else { return };
            if peer.request.starts_with(b"GET ") {
                peer.request.clear();
                peer.send(STREAM_HEAD);
                self.subscribers.push(token);
                return;
            }
            let http1::Framing::Length(length) = head.framing else { return self.forget(token) };
            let end = head.length + length;
            if peer.request.len() < end {
                return;
            }
            let frame = frame(&peer.request[head.length..end]);
            peer.request.drain(..end);
            peer.send(CREATED);
            self.push(&frame);
        }
    }

    fn push(&mut self, frame: &[u8]) {
        let mut gone = Vec::new();
        for token in &self.subscribers {
            if self.peers.get_mut(token).is_some_and(|peer| !peer.send(frame)) {
                gone.push(*token);
            }
        }
        for token in gone {
            self.forget(token);
        }
    }

    fn forget(&mut self, token: Token) {
        self.peers.remove(&token);
        self.subscribers.retain(|each| *each != token);
    }
}

/// One chunk that holds one event.
fn frame(body: &[u8]) -> Vec<u8> {
    let mut frame = format!("{:x}\r\ndata: ", body.len() + "data: \n\n".len()).into_bytes();
    frame.extend_from_slice(body);
    frame.extend_from_slice(b"\n\n\r\n");
    frame
}

struct Peer {
    stream: TcpStream,
    request: Vec<u8>,
    /// What the socket would not take yet.
    backlog: Vec<u8>,
}

impl Peer {
    /// Writes the backlog, then these bytes; keeps what does not fit. False when the peer is gone or too far behind.
    fn send(&mut self, bytes: &[u8]) -> bool {
        if !self.backlog.is_empty() {
            let waiting = std::mem::take(&mut self.backlog);
            if !self.write(&waiting) {
                return false;
            }
        }
        if self.backlog.is_empty() {
            return self.write(bytes);
        }
        self.backlog.extend_from_slice(bytes);
        self.backlog.len() <= MAX_BACKLOG
    }

    fn write(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            match self.stream.write(bytes) {
                Ok(length) => bytes = &bytes[length..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.backlog.extend_from_slice(bytes);
                    return true;
                }
                Err(_) => return false,
            }
        }
        true
    }
}
