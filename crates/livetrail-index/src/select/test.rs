//! Conditions as they are asked of a block.

use crate::{
    bits::Bits,
    block::Block,
    column::{CodeSet, Overlap},
    file::Unreadable,
    schema::Coded,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Tests that all have to hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tests(pub(crate) Vec<Test>);

#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// A code is, or is not, one of some. Null is none of them.
    Codes {
        column: Coded,
        wanted: Arc<CodeSet>,
        negated: bool,
    },
    /// Both codes are one of some, or they are not.
    Both {
        codes: Arc<[(Coded, CodeSet); 2]>,
        negated: bool,
    },
    Success(bool),
    Admin(bool),
    /// It happened between two moments (both included), in microseconds.
    Time(i64, i64),
    /// It is, or is not, one of some rows, which are given for each block.
    Rows {
        rows: Arc<HashMap<usize, Bits>>,
        negated: bool,
    },
    /// One of the texts that are searched, or a name of the user in the row's tenant, has what is searched for.
    Search(Arc<Search>),
    Never,
}

/// What a search has found in the dictionaries and in the directory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    pub(crate) codes: Vec<(Coded, CodeSet)>,
    /// Users of several tenants whose profile was found in one, and those profiles' tenants and users.
    pub(crate) users: Option<CodeSet>,
    pub(crate) profiles: HashSet<(u32, u32)>,
    /// Rows that have a text that is in no dictionary, which are given for each block.
    pub(crate) rows: HashMap<usize, Bits>,
}

/// Those of the tests that the rows of a block have to be asked for.
#[derive(Debug, Default)]
pub(crate) struct Uncertain<'a>(Vec<&'a Test>);

impl Uncertain<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps those of a block's `rows` for which all tests hold.
    pub(crate) fn keep(&self, number: usize, block: &Block, rows: &mut Bits) -> Result<(), Unreadable> {
        for test in &self.0 {
            test.keep(number, block, rows)?;
            if rows.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

impl Tests {
    /// The tests that not all rows of the block may pass; `None` when no row passes one.
    pub(crate) fn uncertain(&self, block: &Block) -> Option<Uncertain<'_>> {
        let mut uncertain = Vec::new();
        for test in &self.0 {
            match test.overlap(block) {
                Overlap::None => return None,
                Overlap::Some => uncertain.push(test),
                Overlap::All => {}
            }
        }
        Some(Uncertain(uncertain))
    }

    /// The same tests with other dates.
    pub(crate) fn since(&self, from: i64) -> Self {
        let others = self.0.iter().filter(|test| !matches!(test, Test::Time(..)));
        Self([Test::Time(from, i64::MAX)].into_iter().chain(others.cloned()).collect())
    }
}

impl Test {
    /// How many rows pass, as far as the block's bounds say it.
    pub(super) fn overlap(&self, block: &Block) -> Overlap {
        match self {
            Self::Codes { column, wanted, negated } => {
                block.zone(*column).overlap(wanted).negated_if(*negated)
            }
            Self::Both { codes, negated } => {
                let zones = codes.each_ref().map(|(column, wanted)| block.zone(*column).overlap(wanted));
                Overlap::of_both(zones).negated_if(*negated)
            }
            Self::Time(from, until) => block.span.overlap(*from, *until),
            Self::Never => Overlap::None,
            _ => Overlap::Some,
        }
    }

    fn keep(&self, number: usize, block: &Block, rows: &mut Bits) -> Result<(), Unreadable> {
        match self {
            Self::Codes { column, wanted, negated } => block.codes(*column)?.keep(wanted, *negated, rows),
            Self::Both { codes, negated } => {
                let mut these = rows.clone();
                for (column, wanted) in codes.iter() {
                    block.codes(*column)?.keep(wanted, false, &mut these);
                }
                if *negated { rows.remove(&these) } else { *rows = these }
            }
            Self::Success(true) => rows.keep(&*block.success.get()?),
            Self::Success(false) => rows.remove(&*block.success.get()?),
            Self::Admin(true) => rows.keep(&*block.admin.get()?),
            Self::Admin(false) => rows.remove(&*block.admin.get()?),
            Self::Time(from, until) => block.times.get()?.keep(*from, *until, rows),
            Self::Rows { rows: meant, negated } => match (meant.get(&number), negated) {
                (Some(meant), false) => rows.keep(meant),
                (Some(meant), true) => rows.remove(meant),
                (None, false) => *rows = Bits::default(),
                (None, true) => {}
            },
            Self::Search(search) => search.keep(number, block, rows)?,
            Self::Never => *rows = Bits::default(),
        }
        Ok(())
    }
}

impl Search {
    fn keep(&self, number: usize, block: &Block, rows: &mut Bits) -> Result<(), Unreadable> {
        let mut found = self.rows.get(&number).cloned().unwrap_or_default();
        found.keep(rows);
        for (column, wanted) in &self.codes {
            let mut these = rows.clone();
            block.codes(*column)?.keep(wanted, false, &mut these);
            found.add(&these);
        }
        if let Some(users) = &self.users {
            let mut these = rows.clone();
            let (of_users, tenants) = (block.codes(Coded::User)?, block.codes(Coded::Tenant)?);
            of_users.keep(users, false, &mut these);
            of_users.each(&these, |row, user| {
                if self.profiles.contains(&(tenants.get(row), user)) {
                    found.insert(row);
                }
            });
        }
        *rows = found;
        Ok(())
    }
}
