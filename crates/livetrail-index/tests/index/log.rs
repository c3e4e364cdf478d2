//! Generated logs: of a small vocabulary, so that filters hit, with nulls, gaps, and late, equal and absurd timestamps.

use jiff::Timestamp;
use livetrail_index::{File, Files, Index, NamedUsers, Pages, RowTexts, Selection};
use livetrail_types::{
    Activity, Condition, DelegateType, Epoch, Filter, Json, TextField, UserProfile, Words, contains_folded,
};
use std::{
    collections::HashMap,
    convert::Infallible,
    io,
    ops::RangeInclusive,
    sync::{Arc, Mutex},
};
use uuid::Uuid;

pub(crate) const USERS: [&str; 9] =
    ["u-1", "u-10", "Ada", "anon-1", "anon-2", "anonymous", "Anon-3", "Ünal", "a,b"];
pub(crate) const ACTIONS: [&str; 7] = [
    "admin_view_activity_logs",
    "user_login",
    "user_logout",
    "document_upload",
    "LOGIN",
    "login.failed",
    "Zip-1",
];
pub(crate) const ENDPOINTS: [&str; 3] = ["/api/login", "/api/%_", "/API/login"];
pub(crate) const METHODS: [&str; 3] = ["GET", "POST", "DELETE"];
pub(crate) const KINDS: [&str; 3] = ["document", "user", "livetrail"];
pub(crate) const TENANTS: [&str; 2] = ["acme", "globex"];
/// An empty id names no party. Only an application's SQL can insert it.
pub(crate) const DELEGATES: [&str; 4] = ["deploy-bot", "", "u-10", "Agent-7"];
pub(crate) const CHANNELS: [&str; 4] = ["ui", "mcp", "UI", ""];
pub(crate) const IDS: [&str; 4] = ["u-1", "r-1", "", "Ada"];
pub(crate) const ADDRESSES: [&str; 5] =
    ["192.0.2.7", "192.0.2.200", "10.1.2.3", "2001:db8::1", "2001:db8:ffff::9"];
pub(crate) const STATUS: [u16; 9] = [100, 200, 204, 301, 399, 400, 404, 500, 599];
const DURATIONS: [i32; 9] = [0, 1, 5, 7, 99, 1_000, 70_000, -3, i32::MAX];
/// 2026-03-01T12:00:00Z.
pub(crate) const NOON: i64 = 1_772_366_400;

/// A sequence of numbers that looks random (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    fn maybe<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        (self.below(3) > 0).then(|| self.one(of))
    }

    fn text(&mut self, of: &[&str]) -> Option<String> {
        self.maybe(of).map(str::to_owned)
    }

    /// One of a few ids, or one that is almost certainly of this row only.
    fn id(&mut self) -> Option<String> {
        self.id_of("id", 1 << 40)
    }

    fn id_of(&mut self, word: &str, end: u64) -> Option<String> {
        match self.below(4) {
            0 => None,
            1 => Some(self.one(&IDS).to_owned()),
            _ => Some(format!("{word}-{}", self.below(end))),
        }
    }

    /// Nearly in the order of positions; some are equal, some late, some absurd.
    fn moment(&mut self, position: u64) -> Timestamp {
        let seconds = match self.below(20) {
            0 => 946_684_800,
            1 => 4_102_444_800,
            2..=4 => NOON - self.below(200_000) as i64,
            5..=7 => NOON + 3_600,
            _ => NOON + position as i64 / 8,
        };
        Timestamp::from_microsecond(seconds * 1_000_000 + self.one(&[0, 0, 1, 999_999])).expect("a moment")
    }

    fn activity(&mut self, position: u64) -> Activity {
        Activity {
            id: Uuid::from_u128(position.into()),
            position,
            timestamp: self.moment(position),
            created_at: Timestamp::UNIX_EPOCH,
            timestamp_adjusted: false,
            user_id: self.one(&USERS).to_owned(),
            action_type: self.one(&ACTIONS).to_owned(),
            endpoint: self.text(&ENDPOINTS),
            http_method: self.text(&METHODS),
            status_code: self.maybe(&STATUS),
            success: self.below(3) > 0,
            error_message: None,
            error_type: None,
            target_user_id: self.id_of("user", 300),
            target_resource_id: self.id_of("Doc", 900_000_000),
            resource_type: self.text(&KINDS),
            details: None,
            changes: None,
            duration_ms: self.maybe(&DURATIONS),
            db_query_count: None,
            ip_address: self.maybe(&ADDRESSES).map(|ip| ip.parse().expect("an address")),
            user_agent: None,
            is_admin: self.below(4) == 0,
            delegate_id: self.text(&DELEGATES),
            delegate_type: self.maybe(&DelegateType::ALL),
            via: self.text(&CHANNELS),
            session_id: self.id(),
            request_id: self.id(),
            trace_id: self.id(),
            tenant_id: self.text(&TENANTS),
        }
    }
}

/// A log, its index and its user directory.
pub(crate) struct Log {
    pub(crate) activities: Vec<Activity>,
    pub(crate) index: Index,
    people: HashMap<(Option<String>, String), UserProfile>,
}

impl Log {
    /// Activities one after another.
    pub(crate) fn dense(count: u64) -> Self {
        let mut chance = Chance(count);
        Self::of((1..=count).map(|position| chance.activity(position)).collect())
    }

    /// Few activities with large gaps between some of them, so that they lie in several blocks.
    pub(crate) fn sparse(seed: u64) -> Self {
        Self::with_gaps(seed, 150_000)
    }

    /// The same in several segments.
    pub(crate) fn wide(seed: u64) -> Self {
        Self::with_gaps(seed, 700_000)
    }

    /// The same in so many segments that summaries of segments are merged.
    pub(crate) fn very_wide(seed: u64) -> Self {
        Self::with_gaps(seed, 8_000_000)
    }

    fn with_gaps(seed: u64, longest: u64) -> Self {
        let mut chance = Chance(seed);
        let mut position = chance.below(100_000);
        let activities = (0..300).map(|_| {
            position += match chance.below(30) {
                0 => chance.below(longest),
                1..=5 => chance.below(3),
                _ => 0,
            } + 1;
            chance.activity(position)
        });
        Self::of(activities.collect())
    }

    fn of(activities: Vec<Activity>) -> Self {
        let mut index = Index::new(activities.first().map_or(0, |first| first.position - 1));
        // In pieces, so that blocks are filled by more than one call.
        for piece in activities.chunks(1_000) {
            index.append(piece).expect("in order");
        }
        let mut log = Self { activities, index, people: HashMap::new() };
        for (tenant, user_id, email, display_name) in [
            (None, "u-1", Some("Ada@Example.org"), Some("Ada Lovelace")),
            (None, "anon-1", None, Some("anon ip-1")),
            (None, "nobody", Some("ada@example.org"), None),
            (Some("acme"), "u-1", Some("grace@example.org"), Some("Grace ΟΔΥΣΣΕΥΣ von der Straße")),
            (Some("acme"), "Ünal", Some("%@example.org"), None),
            (Some("initech"), "u-1", Some("zzz@example.org"), None),
        ] {
            log.put(tenant, user_id, email, display_name);
        }
        log
    }

    fn put(&mut self, tenant: Option<&str>, user_id: &str, email: Option<&str>, name: Option<&str>) {
        let [email, display_name] = [email, name].map(|text| text.map(str::to_owned));
        let profile = UserProfile { user_id: user_id.to_owned(), email, display_name };
        self.people.insert((tenant.map(str::to_owned), user_id.to_owned()), profile);
    }

    /// The same log with all that is full in files, of which few parts stay in memory.
    pub(crate) fn stored(mut self) -> Self {
        let disk = Disk::default();
        let pages = disk.pages();
        save(&mut self.index, &disk, &pages);
        self
    }

    pub(crate) fn select(&self, filter: &Filter, range: RangeInclusive<u64>) -> Selection<'_> {
        self.index.select(filter, range, &self.names(filter), self).expect("a selection")
    }

    /// The users that the directory finds for the searches of a filter.
    pub(crate) fn names(&self, filter: &Filter) -> NamedUsers {
        let mut names = NamedUsers::default();
        for condition in filter.conditions() {
            let needle = match condition {
                Condition::Search(sought) => Some(sought.part()),
                Condition::UserSearch(needle) => Some(needle.as_str()),
                _ => None,
            };
            if let Some(needle) = needle {
                let is_named = |profile: &UserProfile| {
                    let texts = [&profile.email, &profile.display_name];
                    texts.into_iter().flatten().any(|text| contains_folded(text, needle))
                };
                let found = self.people.iter().filter(|(_, profile)| is_named(profile));
                names.put(needle, found.map(|(key, _)| key.clone()).collect());
            }
        }
        names
    }

    pub(crate) fn profile(&self, activity: &Activity) -> Option<&UserProfile> {
        self.people.get(&(activity.tenant_id.clone(), activity.user_id.clone()))
    }
}

impl RowTexts for Log {
    type Error = Infallible;

    fn text(&self, position: u64, field: TextField) -> Result<Option<String>, Infallible> {
        let found = self.activities.binary_search_by_key(&position, |activity| activity.position);
        Ok(found.ok().and_then(|index| field.of(&self.activities[index]).map(str::to_owned)))
    }

    fn positions(&self, id: Uuid) -> Result<Vec<u64>, Infallible> {
        let of_id = self.activities.iter().filter(|activity| activity.id == id);
        Ok(of_id.map(|activity| activity.position).collect())
    }

    fn have_words(&self, positions: &[u64], words: &Words) -> Result<Vec<bool>, Infallible> {
        let has_words = |position: &u64| {
            let found = self.activities.binary_search_by_key(position, |activity| activity.position);
            found.is_ok_and(|index| {
                let activity = &self.activities[index];
                let message = activity.error_message.as_deref().unwrap_or_default();
                words.are_in(message, activity.details.as_ref().map_or("", Json::as_str))
            })
        };
        Ok(positions.iter().map(has_words).collect())
    }
}

pub(crate) const EPOCH: Epoch = Epoch(7);

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk(pub(crate) Arc<Mutex<HashMap<File, Vec<u8>>>>);

impl Disk {
    /// A cache that has to forget most of what it reads.
    pub(crate) fn pages(&self) -> Arc<Pages> {
        Pages::new(Box::new(self.clone()), 500_000)
    }
}

impl Files for Disk {
    fn read(&self, file: File, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let files = self.0.lock().expect("no thread has panicked");
        let bytes = files.get(&file).and_then(|bytes| bytes.get(at as usize..at as usize + len));
        bytes.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn list(&self) -> io::Result<Vec<File>> {
        Ok(self.0.lock().expect("no thread has panicked").keys().copied().collect())
    }
}

/// Puts everything that is full into files.
pub(crate) fn save(index: &mut Index, disk: &Disk, pages: &Arc<Pages>) {
    while let Some(unsaved) = index.unsaved(EPOCH) {
        disk.0.lock().expect("no thread has panicked").insert(unsaved.file, unsaved.bytes.clone());
        index.saved(&unsaved, pages);
    }
}
