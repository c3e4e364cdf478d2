//! Files and folders that settings name. They are checked before anything is made.

use super::{Config, Database};
use crate::{places::Places, server::socket_path, tls::Tls};
use anyhow::{Context, Result, anyhow, bail};
use std::{os::unix::net::SocketAddr, path::Path};

impl Config {
    /// Checks what a server needs: that it can open its log, the certificate that it shows, and the places that its
    /// alert rules are about.
    ///
    /// # Errors
    /// The invalid file or folder, by the name of its setting.
    pub fn check_server(&self) -> Result<()> {
        self.check_log()?;
        self.check_socket()?;
        Places::open(self.geoip_file.as_deref())?;
        self.tls.clone().map(Tls::read).transpose().map(drop)
    }

    /// A system limits the length of a socket's path: 107 bytes on Linux.
    fn check_socket(&self) -> Result<()> {
        let socket = socket_path(&self.data_dir);
        SocketAddr::from_pathname(&socket).map(drop).with_context(|| {
            format!(
                "data-dir: {} is too long for the path of a socket; name a shorter folder",
                socket.display()
            )
        })
    }

    /// Checks what every process needs that opens the log.
    ///
    /// # Errors
    /// As [`Config::check_server`].
    pub fn check_log(&self) -> Result<()> {
        check_folder(&self.data_dir)?;
        match &self.database {
            Database::Sqlite(folder) => check_folder(folder),
            Database::Postgres(address) => {
                address.check_files().map_err(|error| anyhow!("database-url: sslrootcert: {error}"))
            }
        }
    }
}

/// A folder that is not there yet is made. A file in its place, or in that of a folder above it, cannot become one.
fn check_folder(folder: &Path) -> Result<()> {
    let is_file = |path: &&Path| path.metadata().is_ok_and(|there| !there.is_dir());
    match folder.ancestors().find(is_file) {
        Some(file) if file == folder => bail!(
            "data-dir: {} is a file, not a folder; name a folder of livetrail's own with --data-dir, or with \
             sqlite:FOLDER as the database URL",
            folder.display()
        ),
        Some(file) => bail!(
            "data-dir: {} cannot be made, because {} is a file; name another folder with --data-dir, or with \
             sqlite:FOLDER as the database URL",
            folder.display(),
            file.display()
        ),
        None => Ok(()),
    }
}
