//! Alerts and their rules.

use super::{Column, Columns, end, ends, id, moment, required, text, time};
use crate::{
    Alert, AlertGroup, AlertMark, AlertQuery, AlertRule, AlertRuleAdded, AlertState, Decision, OldAlerts,
    Result,
};
use livetrail_types::Severity;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The rules with too many groups, from JSON. They are only shown, so text that cannot be read counts as none.
pub(crate) fn saturated(text: &str) -> BTreeMap<String, u64> {
    serde_json::from_str(text).unwrap_or_default()
}

pub(crate) fn saturated_text(saturated: &BTreeMap<String, u64>) -> String {
    livetrail_types::json::to_string(saturated)
}

pub(super) fn number(row: &impl Columns, index: usize) -> Result<u64> {
    required(row.number(index)?.and_then(|number| u64::try_from(number).ok()), "number")
}

pub(super) fn flag(row: &impl Columns, index: usize) -> Result<bool> {
    Ok(number(row, index)? != 0)
}

pub(super) fn count(number: u64) -> Column {
    Column::Number(Some(i64::try_from(number).unwrap_or(i64::MAX)))
}

pub(super) fn severity(row: &impl Columns, index: usize) -> Result<Severity> {
    let name = required(row.text(index)?, "severity")?;
    let all = [Severity::Info, Severity::Notice, Severity::Warning, Severity::Critical];
    required(all.into_iter().find(|severity| name_of(*severity) == name), "severity")
}

pub(super) fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Notice => "notice",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

impl AlertState {
    const ALL: [(Self, &str); 3] =
        [(Self::Open, "open"), (Self::Acknowledged, "acknowledged"), (Self::Resolved, "resolved")];

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("open", |(_, name)| name)
    }

    fn read(row: &impl Columns, index: usize) -> Result<Self> {
        let name = required(row.text(index)?, "state")?;
        required(Self::ALL.into_iter().find(|(_, known)| *known == name), "state").map(|(state, _)| state)
    }
}

impl AlertRule {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self {
            id: required(row.text(0)?, "id")?,
            definition: required(row.text(1)?, "definition")?,
            enabled: flag(row, 2)?,
            tenant: row.text(3)?,
            after: number(row, 4)?,
            changed_by: row.text(5)?,
            changed_at: moment(row, 6)?,
        })
    }

    /// All but `after`, which the database has.
    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![
            text(&self.id),
            text(&self.definition),
            count(self.enabled.into()),
            Column::Text(self.tenant.clone()),
            Column::Text(self.changed_by.clone()),
            time(self.changed_at),
        ]
    }
}

impl Alert {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self {
            id: id(row, 0)?,
            rule: required(row.text(1)?, "rule")?,
            rule_version: required(row.text(2)?, "version")?,
            title: required(row.text(3)?, "title")?,
            severity: severity(row, 4)?,
            tenant: row.text(5)?,
            group: required(row.text(6)?, "group")?,
            position: number(row, 7)?,
            raised_at: moment(row, 8)?,
            first_at: moment(row, 9)?,
            last_at: moment(row, 10)?,
            open_ended: flag(row, 11)?,
            content: required(row.text(12)?, "content")?,
            decision: Decision {
                state: AlertState::read(row, 13)?,
                by: row.text(14)?,
                at: ends(row, 15)?,
                reason: row.text(16)?,
                muted_until: ends(row, 17)?,
            },
        })
    }

    pub(crate) fn columns(&self) -> Vec<Column> {
        let own = vec![
            text(self.id),
            text(&self.rule),
            text(&self.rule_version),
            text(&self.title),
            text(name_of(self.severity)),
            Column::Text(self.tenant.clone()),
            text(&self.group),
            count(self.position),
            time(self.raised_at),
            time(self.first_at),
            time(self.last_at),
            count(self.open_ended.into()),
            text(&self.content),
        ];
        own.into_iter().chain(self.decision.columns()).collect()
    }
}

impl AlertMark {
    /// An alert of this mark without what an erasure removes.
    pub(crate) fn erased(self, alert: &Alert) -> Vec<Column> {
        vec![
            text(&alert.group),
            text(&alert.content),
            Column::Text(alert.decision.by.clone()),
            Column::Text(alert.decision.reason.clone()),
            text(alert.id),
            count(self.change),
        ]
    }

    pub(crate) fn columns(self, limit: u32) -> Vec<Column> {
        vec![count(self.change), Column::Text(self.id.map(|id| id.to_string())), count(limit.into())]
    }

    /// The mark of a row that ends with its change, and the alert.
    pub(crate) fn read(row: &impl Columns) -> Result<(Self, Alert)> {
        let alert = Alert::read(row)?;
        Ok((Self { change: number(row, 18)?, id: Some(alert.id) }, alert))
    }
}

/// The rule of a row of counts, and how many there are.
pub(crate) fn read_count(row: &impl Columns) -> Result<(String, u64)> {
    Ok((required(row.text(0)?, "rule")?, number(row, 1)?))
}

impl Decision {
    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![
            text(self.state.name()),
            Column::Text(self.by.clone()),
            end(self.at),
            Column::Text(self.reason.clone()),
            end(self.muted_until),
        ]
    }
}

impl AlertGroup {
    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![text(&self.rule), text(&self.rule_version), text(&self.group), time(self.from), time(self.to)]
    }
}

impl AlertRuleAdded {
    /// What becomes of a new rule, by [`ALERT_RULES_COUNT`](crate::internal_tables::ALERT_RULES_COUNT).
    pub(crate) fn read(row: &impl Columns, max: u64) -> Result<Self> {
        Ok(match (number(row, 0)?, number(row, 1)?) {
            (count, 0) if count < max => Self::Added,
            (_, 0) => Self::Full,
            _ => Self::IdTaken,
        })
    }
}

impl OldAlerts {
    /// The times, and other values.
    pub(crate) fn with(self, others: impl IntoIterator<Item = Column>) -> Vec<Column> {
        [time(self.resolved), time(self.undecided)].into_iter().chain(others).collect()
    }

    /// The times, the place after which alerts are read, and how many.
    pub(crate) fn after(self, (position, after): (u64, Uuid), limit: u32) -> Vec<Column> {
        self.with([count(position), text(after), count(limit.into())])
    }

    /// Position and id of an alert.
    pub(crate) fn read(row: &impl Columns) -> Result<(u64, Uuid)> {
        Ok((number(row, 0)?, id(row, 1)?))
    }
}

impl AlertQuery {
    pub(crate) fn columns(&self) -> Vec<Column> {
        let (position, id) = self.after.unzip();
        vec![
            Column::Text(self.state.map(|state| state.name().to_owned())),
            Column::Text(self.rule.clone()),
            Column::Text(self.severity.map(|severity| name_of(severity).to_owned())),
            Column::Text(self.tenant.clone()),
            Column::Number(position.map(|position| i64::try_from(position).unwrap_or(i64::MAX))),
            Column::Text(id.map(|id| id.to_string())),
            count(self.limit.into()),
        ]
    }
}
