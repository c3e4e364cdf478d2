//! The records of an import, from any source: NDJSON, a JSON array, CSV, or the table of an application.

use super::{
    array::{Item, Items},
    chunk::{Chunk, Gatherer},
    encoding::decoded,
    ndjson::{LastLines, has_last_line, lines, lines_and},
    record::{Give, Record},
    sheet::Sheet,
};
use anyhow::{Context, Result};
use livetrail_store::{ActivityTable, PostgresAddress, TableOptions};
use livetrail_types::json;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Seek},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{sync::mpsc, task::JoinHandle};

/// The reason to refuse a record that is too large for a request.
pub(super) const TOO_LONG: &str = "has more than 10 MB";

/// Records in chunks, in order, and how much of their source is read.
pub(super) struct Chunks {
    pub(super) next: mpsc::Receiver<Result<Chunk>>,
    /// The task that reads them; it has failed if it did not end by itself.
    pub(super) reading: JoinHandle<()>,
    /// Bytes, or rows of a table.
    pub(super) read: Arc<AtomicU64>,
    /// In the same unit, if it is known.
    pub(super) size: Option<u64>,
}

/// A file whose bytes are counted as they are read.
pub(super) struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Reads a file, or standard input where the path is `-`.
///
/// # Errors
/// That the file cannot be read.
pub(super) fn file(path: &Path) -> Result<Chunks> {
    let is_input = path.as_os_str() == "-";
    let file = if is_input { None } else { Some(File::open(path)) };
    let file = file.transpose().with_context(|| format!("cannot read {}", path.display()))?;
    let name = if is_input { "standard input".into() } else { path.display().to_string() };
    let size = file.as_ref().and_then(|file| file.metadata().ok()).filter(fs::Metadata::is_file);
    let size = size.map(|file| file.len());
    let (path, (send, next)) = (path.to_owned(), mpsc::channel(1));
    let read_so_far = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read_so_far);
    let reading = tokio::task::spawn_blocking(move || {
        let mut gatherer = Gatherer::new(send);
        let mut give = |record: Record<'_>| gatherer.blocking_add(record);
        let result = match file {
            None => read(io::stdin(), None, &mut give),
            Some(file) => read_file(file, &path, &counter, &mut give),
        };
        if let (send, Some(last)) = gatherer.finish(result.context(name)) {
            // Without a receiver, no more are wanted.
            let _ = send.blocking_send(last);
        }
    });
    Ok(Chunks { next, reading, read: read_so_far, size })
}

/// Gives the records of a file. A pipe, which may have a name like a file, can be read only once.
pub(super) fn read_file(
    file: File,
    path: &Path,
    counter: &Arc<AtomicU64>,
    give: &mut Give<'_>,
) -> Result<()> {
    let counted = |file| Counted { file, read: Arc::clone(counter) };
    let open = || {
        // The check has read the file, so it is read again from its start.
        counter.store(0, Ordering::Relaxed);
        Ok(counted(File::open(path)?))
    };
    let is_regular = file.metadata()?.is_file();
    read(counted(file), is_regular.then_some(&open), give)
}

/// Passes records to `give` until it returns false. A text that begins with a brace is NDJSON, with a bracket a JSON
/// array; any other is CSV. An array, CSV, and NDJSON with a last line are read twice, because they are validated to
/// their end before the first record is passed on. `again` reopens the text.
///
/// # Errors
/// That the text cannot be read any further, or of an array and CSV, that it cannot be read to its end.
pub(super) fn read(
    input: impl Read + Send,
    again: Option<&dyn Fn() -> Result<Counted>>,
    give: &mut Give<'_>,
) -> Result<()> {
    let mut text = decoded(BufReader::new(input))?;
    let number = skip_blank_lines(&mut text)?;
    match text.fill_buf()?.first() {
        None => Ok(()),
        Some(b'{') => match again {
            Some(again) => lines_of_file(number, &mut text, again, give),
            None => lines(number, &mut text, give),
        },
        Some(b'[') => checked(array, number, text, again, give),
        Some(_) => checked(sheet, number, text, again, give),
    }
}

/// NDJSON of a file. One that ends as an export does is verified before the first record is passed on.
fn lines_of_file(
    number: u64,
    text: &mut dyn BufRead,
    again: &dyn Fn() -> Result<Counted>,
    give: &mut Give<'_>,
) -> Result<()> {
    let reopened = || -> Result<_> {
        let mut text = decoded(BufReader::new(again()?))?;
        skip_blank_lines(&mut text)?;
        Ok(text)
    };
    let mut verify = || lines(number, &mut reopened()?, &mut |_| true);
    if !has_last_line(&mut again()?.file)? {
        return lines_and(LastLines::Verify(&mut verify), number, text, give);
    }
    verify()?;
    lines_and(LastLines::Known, number, &mut reopened()?, give)
}

/// The number of the line that is the first one with something on it.
fn skip_blank_lines(text: &mut impl BufRead) -> Result<u64> {
    let mut number = 1;
    while let Some(byte) = text.fill_buf()?.first().filter(|byte| byte.is_ascii_whitespace()) {
        number += u64::from(*byte == b'\n');
        text.consume(1);
    }
    Ok(number)
}

/// Reads a text whose first line with something on it has this number.
type ReadAll = fn(u64, &mut dyn BufRead, &mut Give<'_>) -> Result<()>;

fn array(begun: u64, text: &mut dyn BufRead, give: &mut Give<'_>) -> Result<()> {
    let mut items = Items::of(begun, text);
    while let Some(Item { number, text }) = items.next()? {
        // An item may be written over several lines; it is sent on one.
        let text = text.iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte });
        if !give(Record { number, json: Ok(text.collect()) }) {
            break;
        }
    }
    Ok(())
}

fn sheet(begun: u64, text: &mut dyn BufRead, give: &mut Give<'_>) -> Result<()> {
    Sheet::headed(begun, text)?.read(give)
}

/// Reads a text to its end before anything of it is passed on. A source that cannot be opened again is copied first.
fn checked(
    all: ReadAll,
    begun: u64,
    mut text: impl BufRead,
    again: Option<&dyn Fn() -> Result<Counted>>,
    give: &mut Give<'_>,
) -> Result<()> {
    let Some(again) = again else {
        let mut copy = tempfile::tempfile().context("cannot make a temporary file")?;
        io::copy(&mut text, &mut copy).context("cannot copy the text to a temporary file")?;
        copy.rewind()?;
        let open = || {
            let mut copy = copy.try_clone()?;
            copy.rewind()?;
            Ok(Counted { file: copy, read: Arc::default() })
        };
        return checked(all, begun, BufReader::new(open()?), Some(&open), give);
    };
    all(begun, &mut text, &mut |_| true)?;
    let mut text = decoded(BufReader::new(again()?))?;
    skip_blank_lines(&mut text)?;
    all(begun, &mut text, give)
}

/// Reads the table of an application in another database, in the order of its times.
pub(super) async fn table(address: PostgresAddress, options: TableOptions) -> Result<Chunks> {
    let table = ActivityTable::open(address, options).await?;
    if let Some(reading) = table.reading() {
        eprintln!("reading {reading}");
    }
    let (send, next) = mpsc::channel(1);
    let (size, read) = (table.rows(), Arc::new(AtomicU64::new(0)));
    let counter = Arc::clone(&read);
    let reading = tokio::spawn(async move {
        let mut gatherer = Gatherer::new(send);
        let result = read_table(table, &counter, &mut gatherer).await;
        if let (send, Some(last)) = gatherer.finish(result) {
            // Without a receiver, no more are wanted.
            let _ = send.send(last).await;
        }
    });
    Ok(Chunks { next, reading, read, size })
}

async fn read_table(mut table: ActivityTable, counter: &AtomicU64, to: &mut Gatherer) -> Result<()> {
    let mut number = 0;
    loop {
        let rows = table.next().await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            number += 1;
            counter.store(number, Ordering::Relaxed);
            let json = Ok(json::to_vec(&row).into());
            if !to.add_and_wait(Record { number, json }).await {
                return Ok(());
            }
        }
    }
    loop {
        let reasons = table.next_untimed().await?;
        if reasons.is_empty() {
            return Ok(());
        }
        for reason in reasons {
            number += 1;
            counter.store(number, Ordering::Relaxed);
            if !to.add_and_wait(Record { number, json: Err(reason) }).await {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
