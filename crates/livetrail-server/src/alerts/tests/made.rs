use jiff::{SignedDuration, Timestamp};
use livetrail_types::{NewActivity, Stamped};
use uuid::Uuid;

/// An activity in the making.
#[derive(Clone, Copy)]
pub(super) struct Made {
    pub(super) minutes_ago: i64,
    pub(super) minutes_late: i64,
    pub(super) number: u64,
}

impl Made {
    pub(super) fn stamp(self, now: Timestamp, id: Uuid) -> Stamped {
        let mixed = self.number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
        let arrived = now - SignedDuration::from_mins(self.minutes_ago);
        let new = NewActivity {
            timestamp: Some(arrived - SignedDuration::from_mins(self.minutes_late)),
            success: Some(!mixed.is_multiple_of(3)),
            ip_address: Some([10, 0, 0, (mixed % 13) as u8].into()),
            user_agent: Some(format!("Mozilla/5.0 (X11; Linux x86_64) Firefox/{}.0", mixed % 400)),
            ..NewActivity::new(
                format!("u-{}", mixed % 11),
                if mixed.is_multiple_of(5) { "user_login" } else { "page_view" },
            )
        };
        let mut stamped = new.stamp(arrived, id, &[0; 32]);
        stamped.activity.created_at = arrived;
        stamped
    }
}

/// So many activities, the last of them now; one in 20 is late by up to two hours.
pub(super) fn made(count: u64, minutes_between: i64) -> Vec<Made> {
    let make = |number: u64| {
        let late = if number.is_multiple_of(20) { (number % 120) as i64 } else { 0 };
        Made { minutes_ago: (count - number) as i64 * minutes_between, minutes_late: late, number }
    };
    (1..=count).map(make).collect()
}
