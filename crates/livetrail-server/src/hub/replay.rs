use super::segment::Segment;
use livetrail_store::StoreError;
use moka::future::Cache;
use std::{sync::Arc, time::Duration};

/// Activities of one read.
const BLOCK: u64 = 256;
/// The largest number of bytes that are kept for other clients that need them.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// For how long. Clients that come later see the names that were learnt meanwhile.
const KEPT_FOR: Duration = Duration::from_secs(5);

/// Which activities: those after one position, up to another.
pub(super) type Block = (u64, u64);

/// The block that has what follows `position` in a log that ends at `head`.
pub(super) fn block_after(position: u64, head: u64) -> Block {
    let before = position / BLOCK * BLOCK;
    (before, (before + BLOCK).min(head))
}

/// What clients that are far behind read from the store. Many reconnect at the same time and need the same block: it is
/// read once for all of them.
pub(super) struct Replays {
    blocks: Cache<Block, Arc<Segment>>,
}

impl Replays {
    pub(super) fn new() -> Self {
        let weight = |_: &Block, segment: &Arc<Segment>| u32::try_from(segment.weight()).unwrap_or(u32::MAX);
        let blocks = Cache::builder().max_capacity(MAX_BYTES).weigher(weight).time_to_live(KEPT_FOR).build();
        Self { blocks }
    }

    /// Forgets what was read.
    pub(super) fn clear(&self) {
        self.blocks.invalidate_all();
    }

    /// A block that was read recently or is being read; otherwise what `reading` reads.
    pub(super) async fn get(
        &self,
        block: Block,
        reading: impl Future<Output = Result<Segment, StoreError>>,
    ) -> Result<Arc<Segment>, Arc<StoreError>> {
        self.blocks.try_get_with(block, async { reading.await.map(Arc::new) }).await
    }
}
