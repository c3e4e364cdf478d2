//! Requests that are answered before the next one is sent, over a connection that is kept.

use crate::http1::{self, Chunks, Framing, Head};
use anyhow::ensure;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that is made when it is needed, and anew after an error.
pub(crate) struct Connection {
    addr: SocketAddr,
    stream: Option<TcpStream>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The status, and as much of the body as a person wants to read.
impl std::fmt::Display for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {:.300}", self.status, String::from_utf8_lossy(&self.body))
    }
}

impl Connection {
    pub(crate) fn new(addr: SocketAddr) -> Self {
        Self { addr, stream: None }
    }

    pub(crate) async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.addr).await?;
                stream.set_nodelay(true)?;
                stream
            }
        };
        stream.write_all(request).await?;
        let mut bytes = Vec::with_capacity(4096);
        let head = loop {
            receive(&mut stream, &mut bytes).await?;
            if let Some(head) = http1::parse_head(&bytes)? {
                break head;
            }
        };
        let rest = bytes.split_off(head.length);
        let body = read_body(&mut stream, &head, rest).await?;
        self.stream = Some(stream);
        Ok(Answer { status: head.status, body })
    }
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
