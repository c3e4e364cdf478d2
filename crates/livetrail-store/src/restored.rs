//! The warning of a log that finds out that it was restored.

use std::fmt::Display;

/// Warns that the log in `database` has a new epoch, and of what else came back with the copy.
pub(crate) fn warn(database: impl Display) {
    tracing::warn!(
        %database,
        "this log was restored from a copy, or its files were moved: it has a new epoch, and streams begin anew. If it \
         was restored, keys, sessions and sign-in links that were revoked or used since the copy are valid again: \
         check `livetrail key list`, and end all sessions with `livetrail admin sessions end --all`"
    );
}
