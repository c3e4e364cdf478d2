//! Cursors of streams and of pages.

use livetrail_types::{Cursor, Epoch, Filter, PageCursor, Sort};

/// A cursor that is read is written in the same sense.
pub fn check(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    if let Ok(cursor) = text.parse::<Cursor>() {
        assert_eq!(cursor.to_string().parse(), Ok(cursor), "{text}");
        assert!(i64::try_from(cursor.position).is_ok(), "{text}");
    }
    if let Ok(cursor) = text.parse::<PageCursor>() {
        assert_eq!(cursor.to_string().parse().as_ref(), Ok(&cursor), "{text}");
        assert!(i64::try_from(cursor.head).is_ok() && i64::try_from(cursor.position).is_ok(), "{text}");
        let _ = cursor.fits(Epoch(0), &Filter::default(), Sort::default());
    }
}
