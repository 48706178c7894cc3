//! Giving a new folder its name.

use super::workshop::OutputWorkshop;
use super::{TargetState, WriteError, system};
use std::fs;
use std::io;
use std::path::Path;

/// Puts the new folder of a workshop at `dir`. Where something of ours is there, both change places at once if the system can do that;
/// else the old one is put aside first, and a later run brings it back if this one is killed in between.
pub(crate) fn put_in_place(
    dir: &Path,
    workshop: OutputWorkshop,
    target: &TargetState,
) -> Result<(), WriteError> {
    let (new, old) = (workshop.new_folder(), workshop.old_folder());
    let TargetState::Ours(contents) = target else {
        if cfg!(not(unix)) && matches!(target, TargetState::EmptyFolder) {
            // elsewhere a folder takes the name of an empty one by itself
            fs::remove_dir(dir).map_err(system("replace", dir))?;
        }
        fs::rename(&new, dir).map_err(system("name", dir))?;
        return sync_parent(dir);
    };
    let aside = match exchange(&new, dir) {
        Ok(true) => &new,
        Ok(false) => {
            fs::rename(dir, &old).map_err(system("put aside", dir))?;
            if let Err(error) = fs::rename(&new, dir) {
                if let Err(source) = fs::rename(&old, dir) {
                    let (dir, kept) = (dir.to_path_buf(), workshop.keep());
                    return Err(WriteError::Leftover { dir, kept, action: "brought back", source });
                }
                return Err(system("name", dir)(error));
            }
            &old
        }
        Err(error) => return Err(system("name", dir)(error)),
    };
    sync_parent(dir)?;
    if let Err(error) = contents.keep_late(aside, dir) {
        let source = match error {
            WriteError::System { source, .. } => source,
            other => io::Error::other(other.to_string()),
        };
        let (dir, kept) = (dir.to_path_buf(), workshop.keep());
        return Err(WriteError::Leftover { dir, kept, action: "kept", source });
    }
    Ok(())
}

/// Lets two folders change places; `false` where the system cannot do that.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        // an old kernel, or a file system without it
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Names of files are on the disk too once this is done.
pub(crate) fn sync_folders(folder: &Path) -> Result<(), WriteError> {
    for entry in fs::read_dir(folder).map_err(system("read", folder))? {
        let entry = entry.map_err(system("read", folder))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sync_folders(&entry.path())?;
        }
    }
    sync(folder).map_err(system("write", folder))
}

fn sync_parent(dir: &Path) -> Result<(), WriteError> {
    // the folder is in place: that its name is not on the disk yet is no reason to say that it is not
    if let Some(parent) = dir.parent() {
        let _ = sync(parent);
    }
    Ok(())
}

#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    match fs::File::open(folder)?.sync_all() {
        // some file systems cannot do that for folders
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
