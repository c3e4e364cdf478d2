use jiff::{
    Timestamp,
    civil::{Time, Weekday},
    tz::{TimeZone, TimeZoneDatabase},
};

/// Working hours in a time zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The working days.
    pub weekdays: Vec<Weekday>,
    /// When they begin.
    pub from: Time,
    /// When they end; this moment is outside.
    pub to: Time,
    /// The IANA name of the time zone.
    pub zone_name: String,
    pub(crate) zone: TimeZone,
}

impl Hours {
    /// Whether a moment lies within the working hours.
    pub fn contain(&self, moment: Timestamp) -> bool {
        let local = moment.to_zoned(self.zone.clone());
        self.weekdays.contains(&local.weekday()) && (self.from..self.to).contains(&local.time())
    }

    /// A zone of the database that is compiled in: it is the same on every node, and no file is read.
    pub(crate) fn zone(name: &str) -> Option<TimeZone> {
        TimeZoneDatabase::bundled().get(name).ok()
    }
}
