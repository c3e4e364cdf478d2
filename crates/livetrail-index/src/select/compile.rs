//! From the conditions of a filter to tests of codes. Texts are looked up here, once a question; blocks see numbers
//! only.

use super::test::{Search, Test, Tests};
use crate::{
    Index,
    bits::{Bits, ROWS},
    column::{CodeSet, Found},
    directory::NamedUsers,
    file::Unreadable,
    homes::Home,
    schema::{Coded, Place, UNIQUE, place},
};
use livetrail_types::{Choice, Condition, Filter, Networks, StatusPattern, TextField};
use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    ops::RangeInclusive,
    sync::Arc,
};

/// Reads the rows that a hash alone does not decide: at most one for each block and each value that a filter names.
pub trait RowTexts {
    /// Why a row could not be read.
    type Error;

    /// The text of a field of the row at `position`; `None` where it is null or there is no such row.
    ///
    /// # Errors
    /// When the row could not be read.
    fn text(&self, position: u64, field: TextField) -> Result<Option<String>, Self::Error>;
}

/// Why there is no selection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError<E> {
    /// The filter searches for words of messages and details.
    #[error("messages and details are in no column")]
    Words,
    /// A row could not be read.
    #[error("a row could not be read")]
    Rows(E),
    /// A file of the index could not be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl Tests {
    pub(crate) fn of<R: RowTexts>(
        index: &Index,
        filter: &Filter,
        range: &RangeInclusive<u64>,
        names: &NamedUsers,
        rows: &R,
    ) -> Result<Self, SelectError<R::Error>> {
        let compiler = Compiler { index, range, names, rows, tests: Vec::new() };
        compiler.all(filter.conditions())
    }
}

struct Compiler<'a, R> {
    index: &'a Index,
    range: &'a RangeInclusive<u64>,
    names: &'a NamedUsers,
    rows: &'a R,
    tests: Vec<Test>,
}

impl<R: RowTexts> Compiler<'_, R> {
    /// The cheapest tests come first, since a block without a row left is not tested further.
    fn all(mut self, conditions: &[Condition]) -> Result<Tests, SelectError<R::Error>> {
        if conditions.iter().any(|condition| matches!(condition, Condition::Words(_))) {
            return Err(SelectError::Words);
        }
        for condition in conditions {
            self.condition(condition)?;
        }
        self.tests.sort_by_key(cost);
        Ok(Tests(self.tests))
    }

    fn condition(&mut self, condition: &Condition) -> Result<(), SelectError<R::Error>> {
        match condition {
            Condition::Text(field, choice) => match place(*field) {
                Place::Coded(column) => self.texts(column, choice),
                Place::Unique(column) => self.unique(column, choice)?,
            },
            Condition::Status(choice) => self.choice(Coded::Status, choice, |_, patterns| statuses(patterns)),
            Condition::Address(choice) => self.choice(Coded::Address, choice, |index, networks| {
                let networks = Networks::of(networks);
                let is_in = |text: &str| text.parse::<IpAddr>().is_ok_and(|ip| networks.contains(ip));
                index.dictionaries.of(Coded::Address).where_text(is_in).collect()
            }),
            Condition::Success(choice) => self.flag(choice, Test::Success),
            Condition::IsAdmin(choice) => self.flag(choice, Test::Admin),
            Condition::Anonymous(choice) => self.marked(Coded::User, choice),
            Condition::Delegated(choice) => self.marked(Coded::Delegate, choice),
            Condition::From(moment) => {
                self.tests.push(Test::Time(-micros_below(-moment.as_nanosecond()), i64::MAX));
            }
            Condition::Until(moment) => {
                self.tests.push(Test::Time(i64::MIN, micros_below(moment.as_nanosecond())));
            }
            Condition::UserSearch(needle) => self.search(needle, &[]),
            Condition::Search(needle) => {
                let as_key = needle.replace(' ', "_");
                let also = [(Coded::Action, needle), (Coded::Action, &as_key), (Coded::Address, needle)];
                self.search(needle, &also);
            }
            // Refused before.
            Condition::Words(_) => {}
        }
        Ok(())
    }

    fn texts(&mut self, column: Coded, choice: &Choice<String>) {
        self.choice(column, choice, |index, texts| {
            texts.iter().filter_map(|text| index.dictionaries.of(column).code(text)).collect()
        });
    }

    /// Any and none of some values, each of which stands for codes.
    fn choice<T>(&mut self, column: Coded, choice: &Choice<T>, codes: impl Fn(&Index, &[T]) -> Vec<u32>) {
        if !choice.any.is_empty() {
            let wanted = CodeSet::of(codes(self.index, &choice.any));
            self.tests.push(wanted.map_or(Test::Never, |wanted| codes_test(column, wanted, false)));
        }
        if let Some(wanted) = CodeSet::of(codes(self.index, &choice.none)) {
            self.tests.push(codes_test(column, wanted, true));
        }
    }

    fn flag(&mut self, choice: &Choice<bool>, test: impl Fn(bool) -> Test) {
        self.tests.extend(excluded(choice).map(|flag| test(!flag)));
    }

    /// Whether the text of a column is one of the dictionary's marked texts. Null is not marked.
    fn marked(&mut self, column: Coded, choice: &Choice<bool>) {
        for flag in excluded(choice) {
            let wanted = CodeSet::of(self.index.dictionaries.of(column).marked());
            let unmarked = if flag { None } else { Some(Test::Never) };
            self.tests.extend(wanted.map_or(unmarked, |wanted| Some(codes_test(column, wanted, flag))));
        }
    }

    fn search(&mut self, needle: &str, also: &[(Coded, &String)]) {
        let dictionaries = &self.index.dictionaries;
        let mut users = dictionaries.of(Coded::User).containing(needle);
        let known = |(tenant, user): (Option<&str>, &str)| {
            let tenant = tenant.map_or(Some(0), |tenant| dictionaries.of(Coded::Tenant).code(tenant));
            Some((tenant?, dictionaries.of(Coded::User).code(user)?))
        };
        let mut profiles = HashSet::new();
        for (tenant, user) in self.names.of(needle).filter_map(known) {
            // Where the user acts in one tenant only, the rows' tenants say nothing more.
            match dictionaries.homes.of(user) {
                Home::One(home) if home == tenant => users.push(user),
                Home::One(_) => {}
                Home::Several => _ = profiles.insert((tenant, user)),
            }
        }
        let mut codes = Vec::from_iter(CodeSet::of(users).map(|found| (Coded::User, found)));
        for (column, needle) in also {
            let found = CodeSet::of(dictionaries.of(*column).containing(needle));
            codes.extend(found.map(|found| (*column, found)));
        }
        let users = CodeSet::of(profiles.iter().map(|(_, user)| *user));
        let finds_none = codes.is_empty() && users.is_none();
        let search = Test::Search(Arc::new(Search { codes, users, profiles }));
        self.tests.push(if finds_none { Test::Never } else { search });
    }

    fn unique(&mut self, column: usize, choice: &Choice<String>) -> Result<(), SelectError<R::Error>> {
        for (texts, negated) in [(&choice.any, false), (&choice.none, true)] {
            if !texts.is_empty() {
                let rows = Arc::new(self.find(column, texts)?);
                self.tests.push(Test::Rows { rows, negated });
            }
        }
        Ok(())
    }

    /// The rows that have one of `texts`.
    fn find(&self, column: usize, texts: &[String]) -> Result<HashMap<usize, Bits>, SelectError<R::Error>> {
        let mut found = HashMap::new();
        let (first, last) = (self.range.start().saturating_sub(1), self.range.end().saturating_sub(1));
        for (number, block) in self.index.blocks() {
            if number < first as usize / ROWS || number > last as usize / ROWS {
                continue;
            }
            for text in texts {
                let rows = match block.unique[column].get()?.find(text) {
                    Found::Rows(rows) => rows,
                    Found::Candidates(rows) if self.is_right(number, column, text, &rows)? => rows,
                    Found::Candidates(_) => Vec::new(),
                };
                if !rows.is_empty() {
                    let meant: &mut Bits = found.entry(number).or_default();
                    rows.into_iter().for_each(|row| meant.insert(usize::from(row)));
                }
            }
        }
        Ok(found)
    }

    /// Whether the candidates, of which all or none have the text, have it. The first row that is still there decides.
    fn is_right(
        &self,
        number: usize,
        column: usize,
        text: &str,
        rows: &[u16],
    ) -> Result<bool, SelectError<R::Error>> {
        for row in rows {
            let position = (number * ROWS + usize::from(*row)) as u64 + 1;
            if let Some(found) = self.rows.text(position, UNIQUE[column]).map_err(SelectError::Rows)? {
                return Ok(found == text);
            }
        }
        Ok(false)
    }
}

fn codes_test(column: Coded, wanted: CodeSet, negated: bool) -> Test {
    Test::Codes { column, wanted: Arc::new(wanted), negated }
}

/// The flags that a choice leaves out.
fn excluded(choice: &Choice<bool>) -> impl Iterator<Item = bool> {
    let is_out =
        |flag: &bool| !(choice.any.is_empty() || choice.any.contains(flag)) || choice.none.contains(flag);
    [true, false].into_iter().filter(move |flag| is_out(flag))
}

/// The last microsecond that is not after a moment.
fn micros_below(nanos: i128) -> i64 {
    nanos.div_euclid(1_000) as i64
}

fn statuses(patterns: &[StatusPattern]) -> Vec<u32> {
    patterns
        .iter()
        .flat_map(|pattern| (pattern.range().0..=pattern.range().1).map(|code| u32::from(code) + 1))
        .collect()
}

fn cost(test: &Test) -> u8 {
    match test {
        Test::Never => 0,
        Test::Rows { .. } => 1,
        Test::Success(_) | Test::Admin(_) => 2,
        Test::Codes { wanted, .. } if matches!(**wanted, CodeSet::Range(..)) => 3,
        Test::Codes { .. } => 4,
        Test::Time(..) => 5,
        Test::Search(_) => 6,
    }
}
