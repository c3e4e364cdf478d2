//! One SSE client: a socket that asks once, and what of the answer has arrived.

use crate::{
    args::Target,
    http1::{self, Chunks, Framing},
};
use anyhow::{Context, bail, ensure};
use mio::net::TcpStream;
use socket2::{Domain, Socket, Type};
use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr},
};

pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    /// What is left of the request.
    unsent: Vec<u8>,
    /// The response's head as far as it has arrived; empty from then on.
    head: Vec<u8>,
    /// Set with the head of a good answer.
    body: Option<Body>,
    over: bool,
}

enum Body {
    /// It lasts until the connection ends.
    Plain,
    Chunked(Chunks),
}

impl Client {
    /// Connected by blocking, which paces the connections by what the server accepts; non-blocking from then on.
    pub(crate) fn connect(target: &Target, number: usize) -> anyhow::Result<Self> {
        let socket = bound(target, number)?;
        socket.connect(&target.addr.into()).with_context(|| format!("client {number}"))?;
        Self::new(socket, request(target, number, None))
    }

    /// Begins to connect, to go on behind this message; `send` is to be called once the socket is writable.
    pub(crate) fn reconnect(target: &Target, number: usize, last_id: &str) -> anyhow::Result<Self> {
        let socket = bound(target, number)?;
        socket.set_nonblocking(true)?;
        if let Err(error) = socket.connect(&target.addr.into()) {
            let begun = error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error());
            ensure!(begun, "client {number}: {error}");
        }
        Self::new(socket, request(target, number, Some(last_id)))
    }

    fn new(socket: Socket, request: String) -> anyhow::Result<Self> {
        socket.set_nonblocking(true)?;
        let stream = TcpStream::from_std(socket.into());
        Ok(Self { stream, unsent: request.into(), head: Vec::new(), body: None, over: false })
    }

    /// Whether a good answer has begun; it stays true when that is over.
    pub(crate) fn is_subscribed(&self) -> bool {
        self.body.is_some()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// Sends what it can of the request. An error is told once, then the client is over.
    pub(crate) fn send(&mut self) -> anyhow::Result<()> {
        while !self.over && !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(length) => drop(self.unsent.drain(..length)),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => {
                    break;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return self.end(error.into()),
            }
        }
        Ok(())
    }

    /// Reads what there is, and calls `data` with what belongs to the body. A read that does not fill the buffer has
    /// emptied the socket. Another read would cost one more system call for each delivery, so it is made only when the
    /// stream may have ended (`ends`). An error is told once, then the client is over.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        ends: bool,
        data: &mut impl FnMut(&[u8]),
    ) -> anyhow::Result<()> {
        while !self.over {
            match self.stream.read(buffer) {
                Ok(0) => return self.end(anyhow::anyhow!("the stream ended")),
                Ok(length) => {
                    if let Err(error) = self.take(&buffer[..length], data) {
                        return self.end(error);
                    }
                    if !ends && length < buffer.len() {
                        break;
                    }
                }
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => {
                    break;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return self.end(error.into()),
            }
        }
        Ok(())
    }

    fn end(&mut self, why: anyhow::Error) -> anyhow::Result<()> {
        self.over = true;
        Err(why)
    }

    fn take(&mut self, bytes: &[u8], data: &mut impl FnMut(&[u8])) -> anyhow::Result<()> {
        if let Some(body) = &mut self.body {
            return body.take(bytes, data);
        }
        self.head.extend_from_slice(bytes);
        let Some(parsed) = http1::parse_head(&self.head)? else { return Ok(()) };
        ensure!(parsed.status == 200, "{}", String::from_utf8_lossy(&self.head));
        let body = match parsed.framing {
            Framing::Chunked => Body::Chunked(Chunks::default()),
            Framing::UntilClose => Body::Plain,
            Framing::Length(_) => bail!("no stream: {}", String::from_utf8_lossy(&self.head)),
        };
        let rest = std::mem::take(&mut self.head);
        self.body.insert(body).take(&rest[parsed.length..], data)
    }
}

impl Body {
    fn take(&mut self, bytes: &[u8], data: &mut impl FnMut(&[u8])) -> anyhow::Result<()> {
        match self {
            Self::Plain => data(bytes),
            Self::Chunked(chunks) => ensure!(!chunks.feed(bytes, data)?, "the server ended the stream"),
        }
        Ok(())
    }
}

fn bound(target: &Target, number: usize) -> anyhow::Result<Socket> {
    let socket = Socket::new(Domain::for_address(target.addr), Type::STREAM, None)?;
    if target.source_ips > 0 {
        let last = 2 + u8::try_from(number % usize::from(target.source_ips))?;
        socket.bind(&SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)).into())?;
    }
    Ok(socket)
}

fn request(target: &Target, number: usize, last_id: Option<&str>) -> String {
    let path = target.sse.as_deref().unwrap_or_default();
    let path = path.replace("{F}", &(number % target.filters).to_string());
    let headers = target.header.iter().chain(&target.sse_header);
    let mut request = http1::request_head("GET", &path, target.addr, headers);
    if let Some(id) = last_id {
        request += &format!("Last-Event-ID: {id}\r\n");
    }
    request + "Accept: text/event-stream\r\n\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Args, Command};
    use clap::Parser;

    #[test]
    fn clients_share_filters_in_turn_and_say_where_they_were() {
        let args = Args::parse_from(["load", "run", "--sse", "/s?not={F}", "--filters", "3"]);
        let Command::Run(options) = args.command else { unreachable!() };
        assert!(request(&options.target, 7, None).starts_with("GET /s?not=1 HTTP/1.1\r\n"));
        assert!(request(&options.target, 0, Some("a-1")).contains("\r\nLast-Event-ID: a-1\r\n"));
    }
}
