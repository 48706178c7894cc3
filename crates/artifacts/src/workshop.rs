//! A hidden folder beside a target, in which its new contents are made.
//!
//! It is called `.clearway-PROCESS-NUMBER` and holds a file `lock` with the target's name, locked for as long as its process lives; the
//! system unlocks it when the process ends, however that happens. So a later run can tell a dead workshop from one in use.

use super::{WriteError, system};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const PREFIX: &str = ".clearway-";
const LOCK: &str = "lock";
/// First line of a lock, by which it is known as ours.
const MARK: &str = "clearway output in the making";
/// Where the new folder is made.
const NEW: &str = "new";
/// Where the old folder is put aside while the new one takes its name, where both cannot change places at once.
const OLD: &str = "old";

/// A workshop in use.
pub(crate) struct OutputWorkshop {
    path: PathBuf,
    /// Locked for as long as the workshop is in use; the system unlocks it when the file is closed.
    _lock: File,
}

impl OutputWorkshop {
    /// Opens one beside `target`.
    pub(crate) fn open(target: &Path) -> Result<Self, WriteError> {
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(WriteError::NotOurs { dir: target.to_path_buf() });
        };
        let mut attempt = 0u64;
        loop {
            let path = parent.join(format!("{PREFIX}{}-{attempt}", std::process::id()));
            let opened = fs::create_dir(&path).and_then(|()| lock(&path.join(LOCK), name.as_encoded_bytes()));
            match opened {
                Ok(Some(lock)) => return Ok(Self { path, _lock: lock }),
                // a run that clears up may have taken it for a dead one before it was locked
                Ok(None) if attempt < 1000 => attempt += 1,
                Err(error) if is_taken(&error) && attempt < 1000 => attempt += 1,
                Ok(None) => return Err(system("lock", &path)(io::ErrorKind::WouldBlock.into())),
                Err(error) => {
                    // what cannot be locked is of no use; it is empty but for the lock
                    let _ = fs::remove_dir_all(&path);
                    return Err(system("make", &path)(error));
                }
            }
        }
    }

    /// The new folder in it.
    pub(crate) fn new_folder(&self) -> PathBuf {
        self.path.join(NEW)
    }

    /// Where an old folder is put aside.
    pub(crate) fn old_folder(&self) -> PathBuf {
        self.path.join(OLD)
    }

    /// Leaves what is in it where it is, for somebody to look at, and says where.
    pub(crate) fn keep(self) -> PathBuf {
        let path = self.path.clone();
        // without its lock no later run takes it for something to clear up
        let _ = fs::remove_file(path.join(LOCK));
        std::mem::forget(self);
        path
    }
}

impl Drop for OutputWorkshop {
    fn drop(&mut self) {
        // the error that ended the run, if any, matters more than what is left of the workshop; a later run clears it up
        let _ = remove(&self.path);
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound)
}

/// The lock last, so that a workshop that is half removed is still known as dead.
fn remove(path: &Path) -> io::Result<()> {
    for inside in [NEW, OLD] {
        match fs::remove_dir_all(path.join(inside)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    match fs::remove_file(path.join(LOCK)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::remove_dir(path)
}

/// Makes and locks a lock file; `None` if somebody else has locked it.
fn lock(path: &Path, name: &[u8]) -> io::Result<Option<File>> {
    let mut file = File::create_new(path)?;
    if !try_lock(&file)? {
        return Ok(None);
    }
    // in one piece, so that it is empty or whole
    file.write_all(&[MARK.as_bytes(), b"\n", name].concat())?;
    file.sync_all()?;
    // a run that clears up may have removed it between making and locking
    Ok(path.exists().then_some(file))
}

#[cfg(unix)]
fn try_lock(file: &File) -> io::Result<bool> {
    use rustix::fs::{FlockOperation, flock};
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn try_lock(_: &File) -> io::Result<bool> {
    Ok(true)
}

/// Clears up what killed runs have left beside `target`: brings back a folder that was put aside and whose name is free, and removes
/// the rest. Workshops of live processes stay, and so does everything that does not bear our mark. Returns what was done.
pub(crate) fn clear_dead(target: &Path) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(entries) = target.parent().and_then(|parent| fs::read_dir(parent).ok()) else { return notes };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    for path in paths {
        notes.extend(clear(&path));
    }
    notes
}

fn clear(path: &Path) -> Option<String> {
    if !fs::symlink_metadata(path).ok()?.is_dir() {
        return None;
    }
    let lock_path = path.join(LOCK);
    let Ok(bytes) = fs::read(&lock_path) else {
        // killed before there was a lock, or after it was removed: only an empty folder can be removed so
        fs::remove_dir(path).ok()?;
        return Some(format!("removed '{}', left by a run that was killed", path.display()));
    };
    if bytes.is_empty() {
        // killed before its name stood in it, so that nothing else is there yet
        let file = File::options().read(true).write(true).open(&lock_path).ok()?;
        if can_tell_the_dead() && try_lock(&file).ok()? {
            fs::remove_file(&lock_path).and_then(|()| fs::remove_dir(path)).ok()?;
        }
        return None;
    }
    let name = bytes.strip_prefix(MARK.as_bytes())?.strip_prefix(b"\n")?;
    let target = path.parent()?.join(os_name(name)?);
    if !can_tell_the_dead() {
        return Some(format!("'{}' may be left over from a run that was killed", path.display()));
    }
    let file = File::options().read(true).write(true).open(&lock_path).ok()?;
    if !try_lock(&file).ok()? {
        return None;
    }
    let (shown, target_shown) = (path.display(), target.display());
    let old = path.join(OLD);
    if fs::symlink_metadata(&old).is_ok() && fs::symlink_metadata(&target).is_err() {
        if let Err(error) = fs::rename(&old, &target) {
            return Some(format!("'{target_shown}' could not be brought back from '{shown}': {error}"));
        }
        let _ = remove(path);
        return Some(format!("'{target_shown}' is brought back: a run that was to replace it was killed"));
    }
    match remove(path) {
        Ok(()) => Some(format!("removed '{shown}', left by a run for '{target_shown}' that was killed")),
        Err(error) => Some(format!(
            "'{shown}' is left by a run for '{target_shown}' that was killed, and cannot be removed: {error}"
        )),
    }
}

fn can_tell_the_dead() -> bool {
    cfg!(unix)
}

/// The last part of a path out of the bytes in a lock; `None` if it would leave its folder.
fn os_name(bytes: &[u8]) -> Option<std::ffi::OsString> {
    if bytes.is_empty() || bytes.contains(&b'/') || bytes.contains(&0) || bytes == b"." || bytes == b".." {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Some(std::ffi::OsStr::from_bytes(bytes).to_owned())
    }
    #[cfg(not(unix))]
    {
        let name = std::str::from_utf8(bytes).ok()?;
        super::manifest::is_inside(name).then(|| name.into())
    }
}
