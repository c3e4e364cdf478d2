//! `Content-Encoding`: what a body was compressed with.

use crate::http::error::{ApiError, ApiResult};
use async_compression::{
    tokio::bufread::{BrotliDecoder, GzipDecoder, ZstdDecoder},
    zstd::DParameter,
};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use livetrail_types::quoted;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::io::{AsyncBufRead, AsyncRead};

/// The window that decoders of zstd have to support (RFC 8878, section 3.1.1.1.2): 8 MiB, as a power of two.
const ZSTD_WINDOW: u32 = 23;
/// By how much compressed data may be longer than what it yields. No compressor makes data longer by more than a few
/// bytes a block.
const FRUITLESS_BYTES: usize = 128 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Zstd,
    Brotli,
}

impl Encoding {
    pub(super) fn of(headers: &HeaderMap) -> ApiResult<Self> {
        let named = headers
            .get(header::CONTENT_ENCODING)
            .map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
        match named.as_deref() {
            None | Some("" | "identity") => Ok(Self::Identity),
            Some("gzip" | "x-gzip") => Ok(Self::Gzip),
            Some("zstd") => Ok(Self::Zstd),
            Some("br") => Ok(Self::Brotli),
            Some(other) => Err(ApiError::unsupported(format!(
                "Content-Encoding {} is not known: use gzip, zstd or br",
                quoted(other)
            ))),
        }
    }

    /// What is left of `raw` once it is inflated. A gzip body may have several members one after another (RFC 1952),
    /// and a zstd body several frames (RFC 8878): reading the first alone would lose the rest in silence.
    pub(super) fn decoder<'a>(
        self,
        raw: impl AsyncBufRead + Send + Unpin + 'a,
    ) -> Box<dyn AsyncRead + Send + Unpin + 'a> {
        match self {
            Self::Identity => Box::new(raw),
            Self::Gzip => {
                let mut decoder = GzipDecoder::new(raw);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            Self::Zstd => {
                let mut decoder = ZstdDecoder::with_params(raw, &[DParameter::window_log_max(ZSTD_WINDOW)]);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            Self::Brotli => Box::new(BrotliDecoder::new(raw)),
        }
    }
}

/// How much a compressed body has yielded so far.
#[derive(Default)]
pub(super) struct Progress(Arc<AtomicUsize>);

impl Progress {
    /// So many bytes were inflated.
    pub(super) fn inflated(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    /// Passes compressed chunks on for as long as they yield something: a decoder reads what is empty without an end.
    pub(super) fn watch(
        &self,
        encoding: &Encoding,
        chunks: impl Stream<Item = io::Result<Bytes>> + Send + Unpin + 'static,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + Unpin {
        let (is_compressed, inflated, mut sent) = (*encoding != Encoding::Identity, Arc::clone(&self.0), 0);
        chunks.map(move |chunk| {
            let chunk = chunk?;
            if is_compressed && sent > inflated.load(Ordering::Relaxed) + FRUITLESS_BYTES {
                return Err(io::Error::other("it is longer than what it inflates to"));
            }
            sent += chunk.len();
            Ok(chunk)
        })
    }
}
