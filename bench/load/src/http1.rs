//! As much of HTTP/1.1 (RFC 9112) as a load generator needs: request heads, response heads, chunked bodies.

use anyhow::{Context, bail, ensure};
use std::net::SocketAddr;

/// A request's head up to the empty line; the caller adds `Content-Length` and the body where there is one.
pub(crate) fn request_head<'a>(
    method: &str,
    path: &str,
    host: SocketAddr,
    headers: impl IntoIterator<Item = &'a String>,
) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
    for line in headers {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head
}

/// The head of a request or a response.
#[derive(Debug, PartialEq)]
pub(crate) struct Head {
    /// A response's status, 0 in a request.
    pub(crate) status: u16,
    pub(crate) framing: Framing,
    /// Bytes up to and with the empty line.
    pub(crate) length: usize,
}

/// How the end of a body is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
    UntilClose,
}

/// None while the empty line has not arrived.
pub(crate) fn parse_head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
    let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
        ensure!(bytes.len() < 64 * 1024, "a head of more than 64 KiB");
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let status = match text.strip_prefix("http/1.1 ") {
        Some(rest) => {
            rest.get(..3).and_then(|code| code.parse().ok()).context("a status that is no number")?
        }
        None => 0,
    };
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let framing = if value("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        Framing::Chunked
    } else if let Some(length) = value("content-length") {
        Framing::Length(length.trim().parse().context("a content length that is no number")?)
    } else if status == 204 || status == 304 {
        Framing::Length(0)
    } else {
        Framing::UntilClose
    };
    Ok(Some(Head { status, framing, length: end + 4 }))
}

/// Takes a chunked body apart as it arrives, in any pieces.
#[derive(Default)]
pub(crate) struct Chunks {
    state: State,
}

#[derive(Default)]
enum State {
    /// Within the line with a chunk's size; nothing of the size was seen yet if None.
    #[default]
    NewSize,
    Size(usize),
    /// Past the size's digits: an extension up to the end of the line.
    Extension(usize),
    Data(usize),
    /// The line end behind a chunk's data: bytes that are missing.
    DataEnd(usize),
    /// Behind the last chunk: whether the current line is still empty.
    Trailer(bool),
    Done,
}

impl Chunks {
    /// Calls `data` with what this piece holds of the body. Returns whether the body has ended.
    pub(crate) fn feed(&mut self, mut piece: &[u8], mut data: impl FnMut(&[u8])) -> anyhow::Result<bool> {
        while let Some((&byte, rest)) = piece.split_first() {
            self.state = match self.state {
                State::Data(missing) => {
                    let (now, later) = piece.split_at(missing.min(piece.len()));
                    data(now);
                    piece = later;
                    self.state = match missing - now.len() {
                        0 => State::DataEnd(2),
                        still => State::Data(still),
                    };
                    continue;
                }
                State::NewSize => State::Size(digit(byte)?),
                State::Size(size) | State::Extension(size) if byte == b'\n' => match size {
                    0 => State::Trailer(true),
                    _ => State::Data(size),
                },
                State::Size(size) if matches!(byte, b'\r' | b';' | b' ') => State::Extension(size),
                State::Size(size) if size < 1 << 40 => State::Size(size * 16 + digit(byte)?),
                State::Size(_) => bail!("a chunk of more than a terabyte"),
                State::Extension(size) => State::Extension(size),
                State::DataEnd(missing) => match missing - 1 {
                    0 => State::NewSize,
                    still => State::DataEnd(still),
                },
                State::Trailer(true) if byte == b'\n' => State::Done,
                State::Trailer(empty) => State::Trailer(byte == b'\n' || (empty && byte == b'\r')),
                State::Done => bail!("bytes behind the last chunk"),
            };
            piece = rest;
        }
        Ok(matches!(self.state, State::Done))
    }
}

fn digit(byte: u8) -> anyhow::Result<usize> {
    let value = char::from(byte).to_digit(16).context("a chunk size that is no number")?;
    Ok(value as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let text = b"HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n{";
        assert_eq!(parse_head(&text[..40]).unwrap(), None);
        let head = parse_head(text).unwrap().unwrap();
        assert_eq!(head, Head { status: 201, framing: Framing::Length(12), length: text.len() - 1 });
    }

    #[test]
    fn a_chunked_body_is_read_in_any_pieces() {
        let body = b"5;name=value\r\nhello\r\n0c\r\n, wide world\r\n0\r\nTrailer: x\r\n\r\n";
        for size in 1..body.len() {
            let (mut chunks, mut text, mut ended) = (Chunks::default(), Vec::new(), false);
            for piece in body.chunks(size) {
                assert!(!ended);
                ended = chunks.feed(piece, |data| text.extend_from_slice(data)).unwrap();
            }
            assert!(ended);
            assert_eq!(text, b"hello, wide world");
        }
    }

    #[test]
    fn a_chunk_size_that_is_none_is_an_error() {
        assert!(Chunks::default().feed(b"xyz\r\n", |_| ()).is_err());
    }
}
