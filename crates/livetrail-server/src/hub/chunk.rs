//! The chunked transfer coding of HTTP/1.1 (RFC 9112, section 7.1). A stream that ends with its connection needs no
//! chunks, but some clients, such as Python's `requests`, then wait until their buffer is full. Each frame is one
//! chunk, so that a client that takes only a part of many frames can continue after any of them.

use bytes::Bytes;

const LINE_END: &[u8] = b"\r\n";
/// The last chunk, which ends a stream properly.
pub(super) const LAST: &[u8] = b"0\r\n\r\n";

/// Adds a chunk to those before it.
pub(super) fn add_chunk(chunks: &mut Vec<u8>, content: &[u8]) {
    chunks.extend_from_slice(format!("{:x}\r\n", content.len()).as_bytes());
    chunks.extend_from_slice(content);
    chunks.extend_from_slice(LINE_END);
}

/// `content` as a chunk. Empty content gives no chunk, because an empty chunk would end the stream.
pub fn chunk(content: &[u8]) -> Bytes {
    let mut chunks = Vec::with_capacity(content.len() + 16);
    if !content.is_empty() {
        add_chunk(&mut chunks, content);
    }
    chunks.into()
}

/// The content of a chunk that [`add_chunk`] has made.
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
