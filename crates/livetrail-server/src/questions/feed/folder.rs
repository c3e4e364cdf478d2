//! The folder of the index's files, in the data folder of this node.
//!
//! The files are derived from the log. So they are written without a sync, and a crash costs at most the last of them:
//! a file that is not whole has a wrong checksum, and is made again.

use livetrail_index::{File, Files};
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// The name of the folder within the data folder.
const NAME: &str = "index";
/// The extension of a file that is being written.
const UNFINISHED: &str = "unfinished";

/// Where the files of the index are.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder within a data folder. It is made if it does not exist.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn open(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join(NAME);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    /// Writes a file whole, or not at all.
    ///
    /// # Errors
    /// When the disk is full, for example. Then the file is as it was.
    pub(super) fn write(&self, file: File, bytes: &[u8]) -> io::Result<()> {
        let path = self.0.join(file.to_string());
        // No file of an index has such a name.
        let unfinished = path.with_extension(UNFINISHED);
        let written = write_private(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
        if written.is_err() {
            let _ = fs::remove_file(unfinished);
        }
        written
    }

    /// Removes the files that are not to be kept, and those that were not finished. A file that cannot be removed only
    /// takes space.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn keep(&self, is_kept: impl Fn(File) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let file = file_of(&path);
            let is_unfinished = path.extension().is_some_and(|extension| extension == UNFINISHED);
            if is_unfinished || file.is_some_and(|file| !is_kept(file)) {
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }

    /// What the files take on the disk, in bytes.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn bytes(&self) -> io::Result<u64> {
        let len = |entry: io::Result<fs::DirEntry>| entry?.metadata().map(|metadata| metadata.len());
        fs::read_dir(&self.0)?.map(len).sum()
    }
}

fn file_of(path: &Path) -> Option<File> {
    path.file_name()?.to_str()?.parse().ok()
}

/// Writes a file for its owner alone: its texts are those of the log.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}

impl Files for Folder {
    fn read(&self, file: File, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let opened = fs::File::open(self.0.join(file.to_string()))?;
        // A length from a damaged file asks for no memory that the file cannot fill.
        if opened.metadata()?.len() < at.saturating_add(len as u64) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; len];
        opened.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    fn list(&self) -> io::Result<Vec<File>> {
        let file = |entry: io::Result<fs::DirEntry>| entry.map(|entry| file_of(&entry.path())).transpose();
        fs::read_dir(&self.0)?.filter_map(file).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_is_read_in_parts_and_others_are_removed() {
        let data = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(data.path()).expect("a folder");
        let (one, other) = (File::Block(0), File::Summary { level: 0, number: 3 });
        folder.write(one, b"0123456789").expect("written");
        folder.write(other, b"").expect("written");
        folder.write(one, b"abcdefghij").expect("written again");
        fs::write(data.path().join(NAME).join("block-000000000001.unfinished"), b"cut off").expect("written");
        let mode =
            fs::metadata(data.path().join("index/block-000000000000")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(folder.read(one, 3, 4).expect("read"), b"defg");
        for (file, at, len) in [(one, 8, 3), (one, u64::MAX, 1), (File::Block(7), 0, 1)] {
            folder.read(file, at, len).expect_err("there are no such bytes");
        }
        folder.keep(|file| file == one).expect("removed");
        let names: Vec<_> = fs::read_dir(data.path().join(NAME))
            .expect("read")
            .map(|entry| entry.expect("read").file_name())
            .collect();
        assert_eq!(names, ["block-000000000000"]);
        assert_eq!(folder.list().expect("read"), [one]);
        assert_eq!(folder.bytes().expect("read"), 10);
    }
}
