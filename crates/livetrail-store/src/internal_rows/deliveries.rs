//! Channels and their outbox.

use super::{
    Column, Columns,
    alerts::{count, flag, name_of, number, severity},
    end, ends, id, moment, required, text, time, unreadable,
};
use crate::{
    AlertChannel, Backlog, Claim, Deferral, Delivery, DeliveryQuery, DeliveryState, MessageId, MessageKind,
    NewDelivery, Outcome, Result, Sent, ThreadHistory, internal_tables::deliveries as sql,
};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

impl DeliveryState {
    const ALL: [(Self, &str); 3] =
        [(Self::Waiting, "waiting"), (Self::Sent, "sent"), (Self::Parked, "parked")];

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("waiting", |(_, name)| name)
    }
}

impl MessageKind {
    const ALL: [(Self, &str); 3] =
        [(Self::Raised, "raised"), (Self::Further, "further"), (Self::Flood, "flood")];

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("raised", |(_, name)| name)
    }
}

fn named<T: Copy>(all: &[(T, &str)], name: &str, what: &str) -> Result<T> {
    required(all.iter().find(|(_, known)| *known == name).map(|(value, _)| *value), what)
}

impl AlertChannel {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        let rules = required(row.text(6)?, "rules")?;
        Ok(Self {
            id: id(row, 0)?,
            name: required(row.text(1)?, "name")?,
            kind: required(row.text(2)?, "kind")?,
            destination: required(row.text(3)?, "destination")?,
            tenant: row.text(4)?,
            severity: severity(row, 5)?,
            rules: serde_json::from_str(&rules).map_err(|_| unreadable("rules"))?,
            cooldown: Duration::from_micros(number(row, 7)?),
            enabled: flag(row, 8)?,
            created_by: row.text(9)?,
            created_at: moment(row, 10)?,
            last_success: ends(row, 11)?,
            last_failure: ends(row, 12)?,
            failure: row.text(13)?,
            failing_since: ends(row, 14)?,
        })
    }

    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![
            text(self.id),
            text(&self.name),
            text(&self.kind),
            text(&self.destination),
            Column::Text(self.tenant.clone()),
            text(name_of(self.severity)),
            text(livetrail_types::json::to_string(&self.rules)),
            count(u64::try_from(self.cooldown.as_micros()).unwrap_or(u64::MAX)),
            count(self.enabled.into()),
            Column::Text(self.created_by.clone()),
            time(self.created_at),
            end(self.last_success),
            end(self.last_failure),
            Column::Text(self.failure.clone()),
            end(self.failing_since),
        ]
    }
}

impl NewDelivery {
    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![text(self.alert), text(&self.rule), text(&self.thread), time(self.made_at), text(self.channel)]
    }

    /// What [`HISTORY`](crate::internal_tables::deliveries::HISTORY) takes.
    pub(crate) fn history(&self, since: Timestamp, counted: Timestamp) -> Vec<Column> {
        vec![text(&self.thread), time(counted), text(self.channel), text(&self.rule), time(since)]
    }
}

impl Delivery {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        let kind = row.text(7)?.map(|kind| named(&MessageKind::ALL, &kind, "kind")).transpose()?;
        Ok(Self {
            new: NewDelivery {
                channel: id(row, 0)?,
                alert: id(row, 1)?,
                rule: required(row.text(2)?, "rule")?,
                thread: required(row.text(3)?, "thread")?,
                made_at: moment(row, 4)?,
            },
            next_at: moment(row, 5)?,
            state: named(&DeliveryState::ALL, &required(row.text(6)?, "state")?, "state")?,
            message: kind.zip(ends(row, 8)?),
            attempts: u32::try_from(number(row, 9)?).unwrap_or(u32::MAX),
            sent_at: ends(row, 10)?,
            failure: row.text(11)?,
        })
    }
}

impl ThreadHistory {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self {
            sent_at: ends(row, 0)?,
            waits_until: ends(row, 1)?,
            messages: number(row, 2)?,
            flood: ends(row, 3)?,
        })
    }
}

impl Deferral {
    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![time(self.until), text(self.channel), text(&self.rule), Column::Text(self.thread.clone())]
    }
}

impl Claim {
    /// Of its first delivery.
    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![
            text(self.kind.name()),
            time(self.now),
            time(self.next_at),
            text(self.message.channel),
            text(self.message.alert),
            count(self.turn),
        ]
    }

    /// Of the others.
    pub(crate) fn columns_of_others(&self) -> Vec<Column> {
        vec![
            text(self.message.alert),
            text(self.kind.name()),
            time(self.now),
            text(self.message.channel),
            text(&self.rule),
            Column::Text(self.thread.clone()),
        ]
    }
}

impl MessageId {
    pub(crate) fn columns(self) -> [Column; 2] {
        [text(self.channel), text(self.alert)]
    }

    /// Values before those of the message.
    pub(crate) fn after(self, values: impl IntoIterator<Item = Column>) -> Vec<Column> {
        values.into_iter().chain(self.columns()).collect()
    }

    /// What [`ATTEMPT`](crate::internal_tables::deliveries::ATTEMPT) takes.
    pub(crate) fn attempt(self, turn: u64, attempts: u32, next_at: Timestamp) -> Vec<Column> {
        let mut values = self.after([time(next_at)]);
        values.extend([count(attempts.into()), count(turn)]);
        values
    }
}

impl Outcome {
    /// The statements that keep it, with their values.
    pub(crate) fn statements(
        self,
        message: MessageId,
        moment: Timestamp,
    ) -> [(&'static str, Vec<Column>); 2] {
        let channel = text(message.channel);
        let failed =
            |failure: String| (sql::CHANNEL_FAILURE, vec![time(moment), text(failure), channel.clone()]);
        match self {
            Self::Sent => [
                (sql::SENT, message.after([time(moment), Column::Text(None)])),
                (sql::CHANNEL_SUCCESS, vec![time(moment), channel]),
            ],
            Self::SentToSome { failure } => {
                [(sql::SENT, message.after([time(moment), text(&failure)])), failed(failure)]
            }
            Self::Retried { next_at, failure } => {
                [(sql::RETRIED, message.after([time(next_at), text(&failure)])), failed(failure)]
            }
            Self::Parked { failure } => [(sql::PARKED, message.after([text(&failure)])), failed(failure)],
        }
    }
}

impl DeliveryQuery {
    pub(crate) fn columns(self) -> Vec<Column> {
        let state = self.state.map(|state| state.name().to_owned());
        vec![text(self.channel), Column::Text(state), count(self.limit.into())]
    }
}

impl Sent {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self { delivery: Delivery::read(row)?, alerts: number(row, 12)? })
    }
}

impl Backlog {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self { channel: id(row, 0)?, waiting: number(row, 1)?, parked: number(row, 2)? })
    }
}

/// The id of a row that has nothing else.
pub(crate) fn read_id(row: &impl Columns) -> Result<Uuid> {
    id(row, 0)
}

/// A moment as a value of its own.
pub(crate) fn at(moment: Timestamp) -> Column {
    time(moment)
}
