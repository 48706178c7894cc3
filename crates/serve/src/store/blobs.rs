//! Files by the digest of what is in them.

use crate::error::ServeError;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder of files by digest.
#[derive(Debug)]
pub struct Blobs {
    folder: PathBuf,
    incoming: PathBuf,
    next: AtomicU64,
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    /// `sha256:...`.
    pub digest: String,
    /// Size, bytes.
    pub bytes: u64,
}

/// A file that is being taken in; left alone it leaves nothing.
#[derive(Debug)]
pub struct IncomingBlob {
    path: PathBuf,
    file: Option<File>,
    hash: Sha256,
    bytes: u64,
}

impl Blobs {
    /// Opens a folder of files; makes it where there is none. What was never finished is thrown away.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let incoming = folder.join("incoming");
        fs::create_dir_all(&incoming)?;
        for entry in fs::read_dir(&incoming)? {
            fs::remove_file(entry?.path())?;
        }
        Ok(Self { folder: folder.to_owned(), incoming, next: AtomicU64::new(0) })
    }

    /// Begins to take in a file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(&self) -> io::Result<IncomingBlob> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let path = self.incoming.join(number.to_string());
        let file = File::create(&path)?;
        Ok(IncomingBlob { path, file: Some(file), hash: Sha256::new(), bytes: 0 })
    }

    /// Finishes a file: it is on the disk, under its digest, when this returns.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(&self, mut incoming: IncomingBlob) -> io::Result<StoredBlob> {
        let hash = std::mem::take(&mut incoming.hash).finalize();
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let stored = StoredBlob { digest: format!("sha256:{hex}"), bytes: incoming.bytes };
        let path = self.path_of_hex(&hex);
        if path.exists() {
            return Ok(stored);
        }
        if let Some(file) = incoming.file.take() {
            file.sync_all()?;
        }
        if let Some(parent) = path.parent() {
            if !parent.exists() {
                fs::create_dir_all(parent)?;
                sync_folder(&self.folder)?;
            }
            fs::rename(&incoming.path, &path)?;
            sync_folder(parent)?;
        }
        Ok(stored)
    }

    /// Keeps bytes.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn put(&self, bytes: &[u8]) -> io::Result<StoredBlob> {
        let mut incoming = self.begin()?;
        incoming.write_all(bytes)?;
        self.finish(incoming)
    }

    /// Where a file of a digest is.
    ///
    /// # Errors
    /// [`ServeError::Internal`] if that is no digest.
    pub fn path(&self, digest: &str) -> Result<PathBuf, ServeError> {
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ServeError::Internal(format!("'{digest}' is no digest")));
        }
        Ok(self.path_of_hex(hex))
    }

    fn path_of_hex(&self, hex: &str) -> PathBuf {
        self.folder.join(&hex[..2]).join(hex)
    }

    /// What is in the file of a digest.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self, digest: &str) -> Result<Vec<u8>, ServeError> {
        Ok(fs::read(self.path(digest)?)?)
    }
}

impl Write for IncomingBlob {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(file) = &mut self.file else { return Err(io::Error::other("the file is finished")) };
        let written = file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl IncomingBlob {
    /// How much has come so far, bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for IncomingBlob {
    fn drop(&mut self) {
        self.file = None;
        // gone where it was finished
        let _ = fs::remove_file(&self.path);
    }
}

/// Names in a folder are on the disk when this returns.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
