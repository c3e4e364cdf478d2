//! How many live streams there may be. Once they run short, the credential that holds most of them gets no more.

use crate::{
    access::{CredentialId, Principal},
    shares::{Share, Shares},
};
use std::sync::Arc;

/// The right to have a live stream, until it is dropped.
pub(crate) type StreamPermit = Share<CredentialId>;

/// The permit for one more stream. `None` if there is none, or if four fifths are taken and this credential holds more
/// than half of them. No credential has a fixed share, because a single application may be the only client.
pub(in crate::http) fn permit(streams: &Arc<Shares<CredentialId>>, by: &Principal) -> Option<StreamPermit> {
    let mut permit = streams.share(by.share_id());
    let most = streams.most();
    let is_granted =
        permit.grow_if(1, |taken, of_credential| taken * 5 < most * 4 || of_credential * 2 <= taken);
    is_granted.then_some(permit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Backing;
    use livetrail_types::Role;

    fn admin(user: &str) -> Principal {
        let (role, tenant, expires_at) = (Role::Admin, None, None);
        let backing = Backing::User { issuer: None, user_id: user.into() };
        Principal { user_id: user.into(), role, tenant, expires_at, backing, session: None }
    }

    #[test]
    fn the_holder_of_most_streams_makes_way_once_they_run_short() {
        let streams = Shares::new(100, 100);
        let mut permits: Vec<_> = std::iter::from_fn(|| permit(&streams, &admin("u-1"))).collect();
        assert_eq!(permits.len(), 80, "one alone may have four fifths");
        permits.extend((0..20).map(|_| permit(&streams, &admin("u-2")).expect("the rest is for others")));
        assert!(permit(&streams, &admin("u-2")).is_none(), "all are taken");
        drop(permits.split_off(50));
        assert!(permit(&streams, &admin("u-1")).is_some(), "there is room again");
    }
}
