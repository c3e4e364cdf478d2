//! How HTTP/1.1 sends what has no length yet: in chunks (RFC 9112, section 7.1). A stream that merely ends with its connection
//! would do as well, but there are clients (Python's `requests`, for one) that then wait until their buffer is full. A frame
//! is a chunk, so that a client that takes only a part of many can go on after any of them.

use bytes::Bytes;

const LINE_END: &[u8] = b"\r\n";
/// What follows the last chunk, and ends a stream in good order.
pub(super) const LAST: &[u8] = b"0\r\n\r\n";

/// Adds a chunk to those before it.
pub(super) fn add_chunk(chunks: &mut Vec<u8>, content: &[u8]) {
    chunks.extend_from_slice(format!("{:x}\r\n", content.len()).as_bytes());
    chunks.extend_from_slice(content);
    chunks.extend_from_slice(LINE_END);
}

/// Something as a chunk. Nothing is none: that would be the last.
pub fn chunk(content: &[u8]) -> Bytes {
    let mut chunks = Vec::with_capacity(content.len() + 16);
    if !content.is_empty() {
        add_chunk(&mut chunks, content);
    }
    chunks.into()
}

/// What a chunk of ours has in it.
pub(super) fn content(chunk: &[u8]) -> &[u8] {
    let start = chunk.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    chunk[start..].strip_suffix(LINE_END).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_says_its_length_and_gives_its_content_back() {
        let text = "data: ä\r\n\n".repeat(3);
        let chunk = chunk(text.as_bytes());
        assert_eq!(chunk, format!("21\r\n{text}\r\n"));
        assert_eq!(content(&chunk), text.as_bytes());
    }

    #[test]
    fn nothing_does_not_end_a_stream() {
        assert_eq!(chunk(b""), "");
    }
}
