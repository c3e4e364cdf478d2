//! Searches: parts of texts, whole ids, words of messages. What no dictionary has is looked up block by block.

use super::{
    compile::{Compiler, RowTexts, SelectError, addresses, insert},
    test::{Search, Test},
};
use crate::{
    bits::{Bits, ROWS},
    block::Block,
    column::{Chance, CodeSet, Found, WordRows},
    homes::Home,
    schema::{Coded, Place, RESOURCE, place},
};
use livetrail_types::{Sought, Words};
use memchr::memmem::Finder;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Rows with very many words that are read together. Each may have a megabyte.
const READ_AT_ONCE: usize = 64;
/// Rows with very many words that a search reads at most: some tenths of a second.
const MAX_WORDY: usize = 4_096;

impl<R: RowTexts> Compiler<'_, R> {
    /// A search for part of a user's id, e-mail address or name.
    pub(super) fn users(&self, needle: &str) -> Search {
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
        Search {
            codes: CodeSet::of(users).map(|found| (Coded::User, found)).into_iter().collect(),
            users: CodeSet::of(profiles.iter().map(|(_, user)| *user)),
            profiles,
            rows: HashMap::new(),
        }
    }

    pub(super) fn search(&self, sought: &Sought) -> Result<Search, SelectError<R::Error>> {
        let (index, part) = (self.index, sought.part());
        let mut search = self.users(part);
        let containing = |column: Coded, needle: &str| index.dictionaries.of(column).containing(needle);
        let mut found = vec![
            (
                Coded::Action,
                [containing(Coded::Action, part), containing(Coded::Action, &sought.part_of_action())]
                    .concat(),
            ),
            (Coded::Address, containing(Coded::Address, part)),
            (
                Coded::Address,
                sought.network().map(|network| addresses(index, &[network])).unwrap_or_default(),
            ),
        ];
        for field in Sought::part_fields() {
            match place(field) {
                Place::Coded(column) => found.push((column, containing(column, part))),
                Place::Unique(_) => self.find_parts(part, &mut search.rows)?,
            }
        }
        let found = found.into_iter();
        search.codes.extend(found.filter_map(|(column, codes)| Some((column, CodeSet::of(codes)?))));
        for (field, text) in sought.exactly() {
            if let Place::Unique(column) = place(field) {
                add(&mut search.rows, self.find(column, &[text.to_owned()])?);
            }
        }
        if let Some(id) = sought.id() {
            for position in self.rows.positions(id).map_err(SelectError::Rows)? {
                let row = (position as usize).wrapping_sub(1);
                search.rows.entry(row / ROWS).or_default().insert(row % ROWS);
            }
        }
        Ok(search)
    }

    pub(super) fn add_search(&mut self, search: Search) {
        let finds_none = search.codes.is_empty() && search.users.is_none() && search.rows.is_empty();
        self.tests.push(if finds_none { Test::Never } else { Test::Search(Arc::new(search)) });
    }

    /// The rows whose resource id has a part.
    fn find_parts(&self, part: &str, found: &mut HashMap<usize, Bits>) -> Result<(), SelectError<R::Error>> {
        let needle = Finder::new(part);
        for (number, block) in self.blocks() {
            let (column, chance) = (&block.unique[RESOURCE], block.gist.chance(part));
            let open = column.here().and_then(|column| column.containing(&needle));
            let rows = match open {
                Some(rows) => rows,
                None if chance == Chance::default() => continue,
                None => self.rows_with_part(number, block, part, chance)?,
            };
            insert(found, number, rows);
        }
        Ok(())
    }

    pub(super) fn words(&mut self, words: &Words) -> Result<(), SelectError<R::Error>> {
        if words.wanted().is_empty() {
            return Ok(());
        }
        let (mut found, mut wordy) = (HashMap::new(), 0);
        for (number, block) in self.blocks() {
            let column = block.words.as_ref().ok_or(SelectError::Words)?.get()?;
            let mut rows = column.find(words.wanted());
            let asked = wordy_rows(block, &column);
            wordy += asked.len();
            if wordy > MAX_WORDY {
                return Err(SelectError::Wordy);
            }
            self.ask_rows(number, &asked, words, &mut rows)?;
            if !rows.is_empty() {
                found.insert(number, rows);
            }
        }
        self.tests.push(Test::Rows { rows: Arc::new(found), negated: false });
        Ok(())
    }

    /// Adds those of a block's rows that have the words, as the log says.
    fn ask_rows(
        &self,
        number: usize,
        asked: &[usize],
        words: &Words,
        found: &mut Bits,
    ) -> Result<(), SelectError<R::Error>> {
        for rows in asked.chunks(READ_AT_ONCE) {
            let positions: Vec<u64> = rows.iter().map(|row| (number * ROWS + row) as u64 + 1).collect();
            let have = self.rows.have_words(&positions, words).map_err(SelectError::Rows)?;
            rows.iter().zip(have).filter(|(_, has)| *has).for_each(|(row, _)| found.insert(*row));
        }
        Ok(())
    }

    /// The rows of a full block whose resource id has a part.
    fn rows_with_part(
        &self,
        number: usize,
        block: &Block,
        part: &str,
        chance: Chance,
    ) -> Result<Vec<u16>, SelectError<R::Error>> {
        let (texts, hashes, mut rows) = (block.resources.get()?, &block.unique[RESOURCE], Vec::new());
        if chance.needs_texts() && texts.is_empty() {
            return Err(SelectError::Parts);
        }
        if chance.is_whole() {
            for candidates in hashes.find([part])? {
                rows.extend(self.rows_of(number, RESOURCE, part, candidates)?);
            }
        }
        // A text of the block is the only one in it with its hash.
        let needle = Finder::new(part);
        for found in hashes.find(texts.containing(&needle))? {
            let (Found::Rows(of_text) | Found::Candidates(of_text)) = found;
            rows.extend(of_text);
        }
        Ok(rows)
    }
}

fn add(mine: &mut HashMap<usize, Bits>, others: HashMap<usize, Bits>) {
    for (number, rows) in others {
        mine.entry(number).or_default().add(&rows);
    }
}

/// The rows of a block whose words are in no column.
fn wordy_rows(block: &Block, column: &WordRows) -> Vec<usize> {
    let mut rows = column.wordy().clone();
    rows.keep(&block.present);
    rows.ordered(false).collect()
}
