//! Columns over positions: answers questions about a log without reading its rows.
//!
//! A list with figures asks for a count, an average, a percentile, distinct users and a page. All are about the
//! activities that a filter means. A database reads rows to answer, which takes seconds at ten million rows. Positions
//! are dense, so each field of an activity can be a column whose row number is the position. A question then reads a
//! few bytes of each row: the columns that it is about.
//!
//! This crate is pure computation: no I/O, no clock, no thread. The index is derived from the log and can be built from
//! it again at any time.
//!
//! # Layout
//!
//! | | rows | what it has |
//! | --- | --- | --- |
//! | [`Index`] | all | the blocks, the summaries, the dictionaries, and the head: the last position that it has |
//! | segment | 1,048,576 | sixteen blocks, and a summary: what its rows add up to |
//! | block | 65,536 | a column for each field that a question reads; the rows that are not gaps |
//!
//! Row *r* of block *b* is the position `65,536 b + r + 1`. A position whose row was erased is a gap: no question sees
//! it. The last block is open: its cells are wide, so that rows can be appended. A full block is sealed: its cells are
//! as narrow as its values allow.
//!
//! - **Codes** (`column/codes.rs`). A field with repeated texts has a dictionary (`dictionary.rs`); a cell is the
//!   text's number in the order of first occurrence. Status and duration are their own codes. Code 0 is null. Cells
//!   have one, two or four bytes, so that comparing 64 of them is a few vector instructions. A block knows its smallest
//!   and largest code, and is skipped or taken whole where these decide.
//! - **Times** (`column/time.rs`): the distance to the block's first moment, with the first and the last moment of the
//!   block.
//! - **Flags**: one bit a row.
//! - **Unique texts** (`column/unique.rs`): sessions, requests, traces and resources. A dictionary of them would grow
//!   like the log. A sealed block keeps hashes of 24 bits, sorted, each with its row.
//! - **Resource ids** are searched for parts, too (`column/parts.rs`), except long hexadecimal ones such as UUIDs. A
//!   sealed block keeps the trigrams of the others, which rule it out for most searches, and the different ids if they
//!   take at most two bytes a row.
//!
//! # Files
//!
//! A full block and a summary are files, which the caller keeps ([`Index::unsaved`], [`Files`]). Their heads stay in
//! memory: about 11 KB a block. A head also has the texts that are new with its block, and the tenants that users act
//! in for the first time (`homes.rs`). When blocks are dropped from the front, one file takes over the texts that the
//! others need. A column is read when a question needs it, and stays in a cache with a bound ([`Pages`]). Every part
//! has a checksum; a part that cannot be read is [`Unreadable`], and its file is made again from the log
//! ([`Index::mend`]). So an answer is right, or it is an error.
//!
//! # Questions
//!
//! [`Index::select`] turns a filter into tests of codes (`select/compile.rs`): texts, networks and searches are looked
//! up in the dictionaries and in [`NamedUsers`], once; ids are looked up in the blocks. Each block then gives a set of
//! bits (`select/test.rs`). A [`Selection`] answers, one question a file in `question/`: count,
//! [figures](Selection::stats), [facets](Selection::facets), [groups](Selection::groups),
//! [timeline](Selection::timeline), [page](Selection::page).
//!
//! A full segment has a summary (`summary.rs`): how many rows have each code, and how many there are of each action and
//! hour. Sixteen summaries merge into one of the next level (`levels.rs`). A selection that has most rows of a segment
//! is the summary minus the other rows (`select/parts.rs`). So figures without a filter, or for a time range, read a
//! few summaries and the edges. The last segment has a summary of the blocks that are full already.
//!
//! # Why every answer is exact
//!
//! - A code stands for one text, so comparing codes is comparing texts. The dictionaries are complete: a text without a
//!   code occurs in no row.
//! - Bounds of a block are those of its rows, however late or absurd a timestamp is. They only decide where they decide
//!   for every row.
//! - A hash is not a text. Sealing sees the block's texts, and keeps those that share a hash whole. Any other hash
//!   belongs to one text in its block, and [`RowTexts`] reads one row that has it. The answer holds for all rows of the
//!   hash.
//! - Summaries are sums over rows, and sums can be added and subtracted. A row that is removed later is subtracted.
//!   There is no sketch: the percentile and the distinct users come from full counts.
//! - A page is the rows between two ranks of a total order: key, null last, then position. Skipped blocks have no key
//!   that could be on it.
//!
//! A property test compares each answer with a plain evaluation over a list of activities, and selections with
//! [`Filter::matches`](livetrail_types::Filter::matches), over indexes in memory and in files.
//!
//! # Concurrency
//!
//! A clone of the index is a snapshot that shares its blocks. The writer copies the open block once when it appends
//! while a snapshot is alive, so it never waits for a question.
//!
//! # What is not here
//!
//! - Columns of fields that no filter, figure or facet reads, such as `delegate_type` and `user_agent`.
//! - Words of messages and details (`text=`), unless the index is made [`with_words`](Index::with_words). They take
//!   about as much space as the messages and details have different words.
//! - Resource ids in blocks whose ids take too much room, such as random letters: [`SelectError::Parts`].
//! - A bound for the dictionaries. A log in which every user is another anonymous one has a code for each, about 40
//!   bytes.
//! - Postings of rare codes, and summaries by facet value: a filter by a value scans its column.
//! - A duration of -2,147,483,648 ms, which no activity has by contract, is counted as -2,147,483,647 ms. Moments are
//!   microseconds.

mod bits;
mod block;
mod column;
mod dictionary;
mod directory;
mod file;
mod homes;
mod index;
mod levels;
mod question;
mod schema;
mod select;
mod summary;
mod upkeep;

pub use directory::NamedUsers;
pub use file::{File, Files, OtherName, Pages, Unreadable, Unsaved};
pub use index::{AppendError, Index};
pub use question::{Bucket, Facet, FacetCount, PageFrom};
pub use select::{Kept, RowTexts, SelectError, Selection};
