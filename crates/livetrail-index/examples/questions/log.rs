//! A seeded log: 50,000 users, skewed actions, 90 days, one activity in a hundred late.

use jiff::Timestamp;
use livetrail_index::RowTexts;
use livetrail_types::{Activity, Catalogue, DelegateType, TextField, Words};
use std::{convert::Infallible, net::Ipv4Addr};
use uuid::Uuid;

const USERS: f64 = 50_000.0;
/// 2026-01-01T00:00:00Z, and how long the log is, in microseconds.
const START: i64 = 1_767_225_600_000_000;
const LENGTH: i64 = 90 * 86_400 * 1_000_000;
const STATUS: [u16; 20] =
    [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 201, 201, 204, 204, 304, 400, 403, 404, 500];
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

/// A log of so many activities. Each is a function of its position.
pub(crate) struct Log {
    pub(crate) rows: u64,
    actions: Vec<String>,
}

/// Numbers that look random (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From 0 to 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.part() * end as f64) as usize
    }
}

impl Log {
    pub(crate) fn of(rows: u64) -> Self {
        let actions = Catalogue::builtin().actions().iter().map(|action| action.key.clone()).collect();
        Self { rows, actions }
    }

    /// When the last activity happened, about.
    pub(crate) fn end() -> Timestamp {
        Timestamp::from_microsecond(START + LENGTH).unwrap_or_default()
    }

    fn moment(&self, position: u64, chance: &mut Chance) -> Timestamp {
        let on_time = START + (LENGTH as f64 * position as f64 / self.rows as f64) as i64;
        let late = if chance.below(100) == 0 { (chance.part() * 6.0 * 3.6e9) as i64 } else { 0 };
        Timestamp::from_microsecond(on_time - late + chance.below(400_000) as i64).unwrap_or_default()
    }

    pub(crate) fn activity(&self, position: u64) -> Activity {
        let mut chance = Chance(position.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let timestamp = self.moment(position, &mut chance);
        let user = (USERS * chance.part().powi(3)) as u32;
        let status = STATUS[chance.below(STATUS.len())];
        let action = (self.actions.len() as f64 * chance.part().powi(2)) as usize;
        let agent = chance.below(50);
        let day = timestamp.as_second() / 86_400;
        let duration = (8.0 * (1.0 - chance.part()).powf(-1.2)).min(30_000.0) as i32;
        let some = |is_there: bool, text: String| is_there.then_some(text);
        Activity {
            id: Uuid::from_u128(position.into()),
            position,
            timestamp,
            created_at: timestamp,
            timestamp_adjusted: false,
            user_id: if user % 10 == 9 { format!("anon-{user:08x}") } else { format!("user-{user}") },
            action_type: self.actions[action].clone(),
            endpoint: Some(format!("/api/v1/resource-{}", chance.below(40))),
            http_method: Some(METHODS[chance.below(4)].to_owned()),
            status_code: Some(status),
            success: status < 400,
            error_message: None,
            error_type: None,
            target_user_id: some(chance.below(20) == 0, format!("user-{}", chance.below(50_000))),
            target_resource_id: some(chance.below(3) == 0, format!("document-{}", chance.below(1_000_000))),
            resource_type: some(chance.below(3) == 0, format!("kind-{}", chance.below(12))),
            details: None,
            changes: None,
            duration_ms: (chance.below(5) > 0).then_some(duration),
            db_query_count: None,
            ip_address: Some(Ipv4Addr::from_bits(0x0a00_0000 + user % 30_000).into()),
            user_agent: None,
            is_admin: user % 500 == 1,
            delegate_id: some(agent == 0, format!("agent-{}", user % 30)),
            delegate_type: (agent == 0).then_some(DelegateType::Agent),
            via: Some(if agent == 0 { "mcp" } else { "ui" }.to_owned()),
            session_id: Some(format!("session-{user}-{day}")),
            request_id: Some(format!("{:032x}", u128::from(chance.next()) << 64 | u128::from(position))),
            trace_id: None,
            tenant_id: some(user.is_multiple_of(2), format!("tenant-{}", user % 20)),
        }
    }
}

impl RowTexts for Log {
    type Error = Infallible;

    fn text(&self, position: u64, field: TextField) -> Result<Option<String>, Infallible> {
        Ok(field.of(&self.activity(position)).map(str::to_owned))
    }

    fn positions(&self, _: Uuid) -> Result<Vec<u64>, Infallible> {
        Ok(Vec::new())
    }

    /// No activity here has details.
    fn have_words(&self, positions: &[u64], _: &Words) -> Result<Vec<bool>, Infallible> {
        Ok(vec![false; positions.len()])
    }
}
