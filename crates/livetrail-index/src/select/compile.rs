//! From the conditions of a filter to tests of codes. Texts are looked up here, once a question; blocks see numbers
//! only.

use super::test::{Test, Tests};
use crate::{
    Index,
    bits::{Bits, ROWS},
    block::Block,
    column::{CodeSet, Found, Overlap},
    directory::NamedUsers,
    file::Unreadable,
    schema::{Coded, Place, UNIQUE, place},
};
use ipnet::IpNet;
use livetrail_types::{Choice, Condition, Filter, Networks, StatusPattern, TextField, Words, actions};
use std::{collections::HashMap, net::IpAddr, ops::RangeInclusive, sync::Arc};
use uuid::Uuid;

/// Reads the rows that columns alone do not decide: mostly one for each block and each value that a filter names.
pub trait RowTexts {
    /// Why a row could not be read.
    type Error;

    /// The text of a field of the row at `position`; `None` where it is null or there is no such row.
    ///
    /// # Errors
    /// When the row could not be read.
    fn text(&self, position: u64, field: TextField) -> Result<Option<String>, Self::Error>;

    /// The positions of the activities with an id.
    ///
    /// # Errors
    /// When they could not be read.
    fn positions(&self, id: Uuid) -> Result<Vec<u64>, Self::Error>;

    /// Whether the rows at these positions have all of the words in their messages and details, row by row. Only rows
    /// with very many words are asked about.
    ///
    /// # Errors
    /// When a row could not be read.
    fn have_words(&self, positions: &[u64], words: &Words) -> Result<Vec<bool>, Self::Error>;
}

/// Why there is no selection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError<E> {
    /// The filter searches for words of messages and details, which this index does not have.
    #[error("messages and details are in no column")]
    Words,
    /// The filter searches for part of a resource id in a block that keeps only their hashes.
    #[error("resource ids with this part are in no column")]
    Parts,
    /// The filter searches for words, and more rows have very many words than a search may read.
    #[error("too many rows have very many words")]
    Wordy,
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

pub(super) struct Compiler<'a, R> {
    pub(super) index: &'a Index,
    pub(super) range: &'a RangeInclusive<u64>,
    pub(super) names: &'a NamedUsers,
    pub(super) rows: &'a R,
    pub(super) tests: Vec<Test>,
}

impl<R: RowTexts> Compiler<'_, R> {
    /// The cheapest tests come first, since a block without a row left is not tested further.
    fn all(mut self, conditions: &[Condition]) -> Result<Tests, SelectError<R::Error>> {
        // A search looks into blocks, which the other tests may rule out.
        let is_search = |condition: &&Condition| {
            matches!(condition, Condition::Search(_) | Condition::UserSearch(_) | Condition::Words(_))
        };
        for condition in conditions.iter().filter(|condition| !is_search(condition)) {
            self.condition(condition)?;
        }
        for condition in conditions.iter().filter(is_search) {
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
            Condition::Address(choice) => {
                self.choice(Coded::Address, choice, addresses);
            }
            Condition::Success(choice) => self.flag(choice, Test::Success),
            Condition::IsAdmin(choice) => self.flag(choice, Test::Admin),
            Condition::Anonymous(choice) => self.marked(Coded::User, choice),
            Condition::Delegated(choice) => self.marked(Coded::Delegate, choice),
            Condition::ReadBy(choice) => self.read_by(choice),
            Condition::From(moment) => {
                self.tests.push(Test::Time(-micros_below(-moment.as_nanosecond()), i64::MAX));
            }
            Condition::Until(moment) => {
                self.tests.push(Test::Time(i64::MIN, micros_below(moment.as_nanosecond())));
            }
            Condition::UserSearch(needle) => {
                let search = self.users(needle);
                self.add_search(search);
            }
            Condition::Search(sought) => {
                let search = self.search(sought)?;
                self.add_search(search);
            }
            Condition::Words(text) => self.words(&Words::of(text))?,
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

    /// Records of reads that are, or are not, by some users.
    fn read_by(&mut self, choice: &Choice<String>) {
        let codes = |column: Coded, texts: &[String]| {
            CodeSet::of(texts.iter().filter_map(|text| self.index.dictionaries.of(column).code(text)))
        };
        let read = codes(Coded::Action, &[actions::ADMIN_VIEW_ACTIVITY_LOGS.to_owned()]);
        for (users, negated) in [(&choice.any, false), (&choice.none, true)] {
            let test = match (read.clone(), codes(Coded::User, users)) {
                (Some(read), Some(users)) => {
                    Some(Test::Both { codes: [(Coded::Action, read), (Coded::User, users)].into(), negated })
                }
                _ => (!negated && !users.is_empty()).then_some(Test::Never),
            };
            self.tests.extend(test);
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

    fn unique(&mut self, column: usize, choice: &Choice<String>) -> Result<(), SelectError<R::Error>> {
        for (texts, negated) in [(&choice.any, false), (&choice.none, true)] {
            if !texts.is_empty() {
                let rows = Arc::new(self.find(column, texts)?);
                self.tests.push(Test::Rows { rows, negated });
            }
        }
        Ok(())
    }

    /// The blocks that a question may be about, as far as the tests that are known say it.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        let (first, last) = (self.range.start().saturating_sub(1), self.range.end().saturating_sub(1));
        let numbers = first as usize / ROWS..=last as usize / ROWS;
        // Not by time: the figures have the same rows at another time, too.
        let counts = |test: &&Test| !matches!(test, Test::Time(..));
        let is_meant = move |block: &Block| {
            self.tests.iter().filter(counts).all(|test| test.overlap(block) != Overlap::None)
        };
        self.index.blocks().filter(move |(number, block)| numbers.contains(number) && is_meant(block))
    }

    /// The rows that have one of `texts`.
    pub(super) fn find(
        &self,
        column: usize,
        texts: &[String],
    ) -> Result<HashMap<usize, Bits>, SelectError<R::Error>> {
        let mut found = HashMap::new();
        for (number, block) in self.blocks() {
            for text in texts {
                for candidates in block.unique[column].find([text.as_str()])? {
                    let rows = self.rows_of(number, column, text, candidates)?;
                    insert(&mut found, number, rows);
                }
            }
        }
        Ok(found)
    }

    /// The rows of a block that have a text.
    pub(super) fn rows_of(
        &self,
        number: usize,
        column: usize,
        text: &str,
        found: Found,
    ) -> Result<Vec<u16>, SelectError<R::Error>> {
        match found {
            Found::Rows(rows) => Ok(rows),
            Found::Candidates(rows) if self.is_right(number, column, text, &rows)? => Ok(rows),
            Found::Candidates(_) => Ok(Vec::new()),
        }
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

pub(super) fn insert(found: &mut HashMap<usize, Bits>, number: usize, rows: Vec<u16>) {
    if !rows.is_empty() {
        let meant = found.entry(number).or_default();
        rows.into_iter().for_each(|row| meant.insert(usize::from(row)));
    }
}

pub(super) fn addresses(index: &Index, networks: &[IpNet]) -> Vec<u32> {
    let networks = Networks::of(networks);
    let is_in = |text: &str| text.parse::<IpAddr>().is_ok_and(|ip| networks.contains(ip));
    index.dictionaries.of(Coded::Address).where_text(is_in).collect()
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
        Test::Codes { .. } | Test::Both { .. } => 4,
        Test::Time(..) => 5,
        Test::Search(_) => 6,
    }
}
