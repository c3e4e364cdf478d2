//! Stores the activities of several requests. A database with rules of an application may refuse one of them, and with
//! it the whole transaction. Then the batch is divided, request by request and activity by activity, until that one is
//! alone. All others are stored.

use super::{Answer, IngestError, Placed};
use crate::hub::Hub;
use livetrail_store::{Appended, Store, StoreError};
use livetrail_types::{Activity, Stamped};

/// Transactions of one request that the database may refuse. Each of them holds up all other requests, so what is left
/// of the request then is refused untried.
const MAX_REFUSALS: usize = 64;
const UNTRIED: &str = "was not tried, because the database refuses too many others of the batch";

/// Activities that are stored in one transaction: part of a request, or several whole requests.
struct Piece {
    batch: Vec<Stamped>,
    /// The numbers of the requests, and how many activities are of each.
    requests: Vec<(usize, usize)>,
}

/// Stores a batch of requests that have these numbers of activities. Says what became of each request, and why those
/// failed that did.
pub(super) async fn append(
    store: &dyn Store,
    hub: &Hub,
    batch: Vec<Stamped>,
    counts: &[usize],
) -> (Vec<Answer>, Option<StoreError>) {
    let mut placed: Vec<Placed> = counts.iter().map(|_| Placed::default()).collect();
    let mut refusals = vec![0; counts.len()];
    // The last one is stored first, and what it is divided into is put in its place: positions go by the order of
    // arrival.
    let mut pieces = vec![Piece { batch, requests: counts.iter().copied().enumerate().collect() }];
    while let Some(Piece { batch, requests }) = pieces.pop() {
        match store.append(batch).await {
            Ok(appended) => hub.committed(note(&mut placed, &requests, appended)),
            Err(StoreError::Refused { reason, batch }) => {
                let Some(&(first, _)) = requests.first() else { continue };
                let is_alone = requests.len() == 1;
                refusals[first] += usize::from(is_alone);
                if is_alone && batch.len() == 1 {
                    placed[first].placements.push(Err(format!("is refused by the database: {reason}")));
                } else if is_alone && refusals[first] > MAX_REFUSALS {
                    placed[first].placements.extend(batch.iter().map(|_| Err(UNTRIED.to_owned())));
                } else {
                    let (before, after) = Piece { batch, requests }.halves();
                    pieces.extend([after, before]);
                }
            }
            Err(error) => {
                let failed = pieces.iter().flat_map(|piece| &piece.requests).chain(&requests);
                let failed: Vec<_> = failed.map(|(request, _)| *request).collect();
                let answer = |(request, placed)| {
                    if failed.contains(&request) { Err(IngestError::from(&error)) } else { Ok(placed) }
                };
                return (placed.into_iter().enumerate().map(answer).collect(), Some(error));
            }
        }
    }
    (placed.into_iter().map(Ok).collect(), None)
}

impl Piece {
    /// Both have half of the requests, or of the activities of the only one.
    fn halves(mut self) -> (Self, Self) {
        let (kept, rest) = match self.requests[..] {
            [(request, count)] => (vec![(request, count / 2)], vec![(request, count - count / 2)]),
            _ => {
                let rest = self.requests.split_off(self.requests.len() / 2);
                (self.requests, rest)
            }
        };
        let rest_batch = self.batch.split_off(kept.iter().map(|(_, count)| count).sum());
        (Self { batch: self.batch, requests: kept }, Self { batch: rest_batch, requests: rest })
    }
}

/// Notes what became of the activities of a piece, and returns those that are new.
fn note(placed: &mut [Placed], requests: &[(usize, usize)], appended: Appended) -> Vec<Activity> {
    let Appended { placements, stored, conflicting } = appended;
    let (mut placements, mut conflicting) = (placements.into_iter(), conflicting.into_iter().peekable());
    let mut begun = 0;
    for (request, count) in requests {
        let (placed, end) = (&mut placed[*request], begun + count);
        let before = placed.placements.len();
        let own = std::iter::from_fn(|| conflicting.next_if(|(index, _)| *index < end));
        placed.conflicting.extend(own.map(|(index, activity)| (before + index - begun, activity)));
        placed.placements.extend(placements.by_ref().take(*count).map(Ok));
        begun = end;
    }
    stored
}
