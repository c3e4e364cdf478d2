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
mod tests {
    use super::{super::sent::sent, *};
    use serde_json::Value;

    fn records(text: &str) -> Vec<(u64, Value)> {
        let mut found = Vec::new();
        let mut give = |Record { number, json }: Record<'_>| {
            let json = json.map_or_else(String::into_bytes, |record| sent(&record));
            let text = || Value::String(String::from_utf8_lossy(&json).into_owned());
            found.push((number, serde_json::from_slice(&json).unwrap_or_else(|_| text())));
            true
        };
        read(text.as_bytes(), None, &mut give).expect("a text");
        found
    }

    fn without_ids(records: Vec<(u64, Value)>) -> Vec<(u64, Value)> {
        let strip = |(number, mut value): (u64, Value)| {
            if let Some(object) = value.as_object_mut() {
                object.remove("id").expect("each has an id");
            }
            (number, value)
        };
        records.into_iter().map(strip).collect()
    }

    #[test]
    fn an_array_is_read_item_by_item() {
        let found = without_ids(records(
            "[\n {\"user_id\": \"u-1\",\n  \"action_type\": \"a\"},\n {\"user_id\": \"u-2\"}]\n",
        ));
        let expected = [
            (2, serde_json::json!({"user_id": "u-1", "action_type": "a"})),
            (4, serde_json::json!({"user_id": "u-2"})),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_heading_is_understood_as_sheets_write_it() {
        let expected = serde_json::json!({"user_id": "u-1", "action_type": "user_login"});
        for text in [
            "User_ID,Action_Type\nu-1,user_login\n",
            "USER ID;Action Type\nu-1;user_login\n",
            "sep=;\r\nuser_id;action_type\r\nu-1;user_login\r\n",
            "sep=|\nuser_id|action_type\nu-1|user_login\n",
            "sep=\t\nuser_id\taction_type\nu-1\tuser_login\n",
        ] {
            let found = without_ids(records(text));
            assert_eq!(found.iter().map(|(_, activity)| activity).collect::<Vec<_>>(), [&expected], "{text}");
        }
    }

    fn refusal(text: &str) -> String {
        let mut given = 0;
        let mut give = |_: Record<'_>| {
            given += 1;
            true
        };
        let refused = read(text.as_bytes(), None, &mut give).expect_err("a refusal");
        assert_eq!(given, 0, "nothing is given of a file that is refused: {text}");
        format!("{refused:#}")
    }

    #[test]
    fn a_sheet_that_cannot_be_read_to_its_end_is_refused_before_anything_of_it_is_given() {
        for (text, reason) in [
            (
                "user_id,action_type\nu-1,a\nu-2,\"b\nu-3,c\n",
                "line 3: the quote that begins a cell here is never closed",
            ),
            ("user_id,action_type,userId\nu-1,a,b\n", "line 1: the heading names \"userId\" twice"),
            (
                "user_id,acton_type,action_type\nu-1,,b\n",
                "\"acton_type\" is unknown; did you mean action_type?",
            ),
            (
                "user_id,action_type,colour\nu-1,b,\n",
                "line 1: the column \"colour\" is unknown; what has no field",
            ),
            ("user_id,endpoint\nu-1,/a\n", "line 1: the heading has no column action_type"),
            (
                "user_id,action_type\ru-1,a\ru-2,b\r",
                "line 1: the lines of this file end with a carriage return alone",
            ),
            ("[{\"user_id\": \"u-1\", \"action_type\": \"a\"},\n", "line 2: the array is cut off"),
            ("no heading\nu-1,a\n", "line 1: this is neither JSON nor the heading of a sheet"),
            ("sep=,\nno heading\n", "line 2: this is neither JSON nor the heading of a sheet"),
        ] {
            let refused = refusal(text);
            assert!(refused.contains(reason), "{refused}");
        }
    }

    #[test]
    fn blank_lines_before_a_heading_are_counted() {
        let found = records("\n \n\nuser_id,action_type\nu-1,a\nu-2,b,c\n");
        assert_eq!(found[0].0, 5);
        assert_eq!(found[1], (6, "has 3 cells, and the heading names 2 fields".into()));
        for (text, reason) in [
            (
                "\n\nuser_id,action_type\nu-1,\"b\n",
                "line 4: the quote that begins a cell here is never closed",
            ),
            ("\r\nsep=;\r\nno heading\r\n", "line 3: this is neither JSON nor the heading"),
            (
                "\nuser_id,action_type\ru-1,a\r",
                "line 2: the lines of this file end with a carriage return alone",
            ),
        ] {
            let refused = refusal(text);
            assert!(refused.contains(reason), "{refused}");
        }
    }

    #[test]
    fn a_row_that_is_not_right_is_refused_and_the_others_are_not() {
        let found = records("user_id,action_type\nu-1,\"a\" b\nu-2,c,d\nu-3,e\n");
        assert!(found[0].1.as_str().is_some_and(|reason| reason.contains("closing quote")), "{found:?}");
        assert_eq!(found[1], (3, "has 3 cells, and the heading names 2 fields".into()));
        assert_eq!(found[2].1["user_id"], "u-3");
    }

    #[test]
    fn a_text_whose_first_line_names_fields_is_csv() {
        let csv = "\u{feff}user_id,action_type,status_code,success,details,ip_address\r\n\
                   u-1,user_login,401,false,\"{\"\"a\"\":1}\",\r\n\
                   \"u-2, jr\",chat_message,,TRUE,,192.0.2.1\r\n";
        let first = serde_json::json!({
            "user_id": "u-1", "action_type": "user_login", "status_code": 401, "success": false, "details": {"a": 1},
        });
        let second = serde_json::json!({
            "user_id": "u-2, jr", "action_type": "chat_message", "success": true, "ip_address": "192.0.2.1",
        });
        assert_eq!(without_ids(records(csv)), [(2, first), (3, second)]);
    }

    #[test]
    fn semicolons_tabs_and_the_names_of_admin_trackers_are_understood() {
        for separator in [";", "\t"] {
            let csv = "adminId;action;ipAddress;timestamp\nu-1;login;192.0.2.1;1772366400\n"
                .replace(';', separator);
            let expected = serde_json::json!({
                "adminId": "u-1", "action": "login", "ipAddress": "192.0.2.1", "timestamp": 1_772_366_400,
            });
            assert_eq!(without_ids(records(&csv)), [(2, expected)]);
        }
    }

    #[test]
    fn a_cell_that_a_spreadsheet_was_kept_from_reading_as_a_formula_is_what_it_was() {
        let found = without_ids(records("user_id,action_type\n'=1+1,'quoted\n"));
        assert_eq!(found[0].1, serde_json::json!({"user_id": "=1+1", "action_type": "'quoted"}));
    }

    #[test]
    fn a_cell_that_is_not_what_its_field_wants_is_left_for_the_server_to_refuse() {
        let found =
            without_ids(records("user_id,action_type,status_code,success,details\nu,a,many,perhaps,{\n"));
        let expected = serde_json::json!({
            "user_id": "u", "action_type": "a", "status_code": "many", "success": "perhaps", "details": "{",
        });
        assert_eq!(found, [(2, expected)]);
    }
}
