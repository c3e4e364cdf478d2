use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use livetrail_store::AlertQuery;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The last alert of a page of the list. It carries a fingerprint of the query, so that it is not used with another
/// one.
///
/// On the wire: a JSON array in URL-safe base64, as the cursors of activities. The word at its beginning tells them
/// apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AlertCursor {
    query: u64,
    position: u64,
    id: Uuid,
}

/// Why a cursor is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadCursor {
    #[error("is not a cursor of the list of alerts: use next_cursor of one of its pages")]
    Unreadable,
    #[error("belongs to another list: begin again without it")]
    OtherQuery,
}

const KIND: &str = "alerts";

type Written = (String, u64, u64, Uuid);

impl AlertCursor {
    /// The cursor behind an alert of a list.
    pub(super) fn behind(position: u64, id: Uuid, query: &AlertQuery) -> Self {
        Self { query: fingerprint(query), position, id }
    }

    /// The last alert of the page before.
    ///
    /// # Errors
    /// That it belongs to another query.
    pub(super) fn of(self, query: &AlertQuery) -> Result<(u64, Uuid), BadCursor> {
        if self.query == fingerprint(query) {
            Ok((self.position, self.id))
        } else {
            Err(BadCursor::OtherQuery)
        }
    }
}

/// A number for everything but the page.
fn fingerprint(query: &AlertQuery) -> u64 {
    let AlertQuery { state, rule, severity, tenant, .. } = query;
    let text = format!("{state:?} {rule:?} {severity:?} {tenant:?}");
    let hash = blake3::hash(text.as_bytes());
    hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

impl fmt::Display for AlertCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = (KIND, self.query, self.position, self.id);
        f.write_str(&URL_SAFE_NO_PAD.encode(livetrail_types::json::to_vec(&fields)))
    }
}

impl FromStr for AlertCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor::Unreadable)?;
        let (kind, query, position, id): Written =
            serde_json::from_slice(&bytes).map_err(|_| BadCursor::Unreadable)?;
        let is_right = kind == KIND && position <= i64::MAX as u64;
        if is_right { Ok(Self { query, position, id }) } else { Err(BadCursor::Unreadable) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_wire_and_belongs_to_one_query() {
        let query = AlertQuery { rule: Some("r".into()), limit: 5, ..AlertQuery::default() };
        let cursor = AlertCursor::behind(7, Uuid::from_u128(9), &query);
        let read: AlertCursor = cursor.to_string().parse().expect("a cursor");
        assert_eq!(read, cursor);
        let next = AlertQuery { limit: 50, after: Some((1, Uuid::nil())), ..query.clone() };
        assert_eq!(read.clone().of(&next), Ok((7, Uuid::from_u128(9))));
        assert_eq!(read.of(&AlertQuery { rule: None, ..query }), Err(BadCursor::OtherQuery));
    }

    #[test]
    fn other_texts_are_refused() {
        let of_another_list =
            URL_SAFE_NO_PAD.encode(r#"["keys",1,1,"00000000-0000-0000-0000-000000000000"]"#);
        for text in ["", "x", "W10", "0000000a-1", &of_another_list] {
            assert_eq!(text.parse::<AlertCursor>(), Err(BadCursor::Unreadable), "{text}");
        }
    }
}
