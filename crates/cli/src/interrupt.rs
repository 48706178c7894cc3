//! Ctrl-C, and the wish of the system that the program ends.
//!
//! Where something worth keeping is being made (a bound that is known in part, a folder that is being written), the first is only noted
//! and whoever is at work looks whether it came. Everywhere else it ends the program at once: nothing is half written, since a folder
//! takes its name only when it is whole.

use clearway::Cancel;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

static ASKED: OnceLock<Cancel> = OnceLock::new();
/// How many are at work that look for themselves.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// Exit code of a second Ctrl-C, as shells have it.
const AT_ONCE: i32 = 130;
/// Exit code of what was ended early.
const ENDED_EARLY: i32 = 1;

/// From now on Ctrl-C is answered. Where no handler can be set, it ends the program as it always did.
pub fn answer() {
    let _ = ctrlc::set_handler(|| {
        if asked() {
            std::process::exit(AT_ONCE);
        }
        cancel().cancel();
        if AT_WORK.load(Ordering::SeqCst) == 0 {
            eprintln!("\nended early; nothing was written");
            std::process::exit(ENDED_EARLY);
        }
    });
}

/// The wish to end, which every session of this program has.
pub fn cancel() -> Cancel {
    ASKED.get_or_init(Cancel::default).clone()
}

/// Whether the program was asked to end.
pub fn asked() -> bool {
    cancel().is_cancelled()
}

/// As long as this lives, Ctrl-C is only noted: whoever has it looks with [`asked`], or is done soon.
pub struct Heeded;

/// Has Ctrl-C noted and not obeyed.
pub fn heeded() -> Heeded {
    AT_WORK.fetch_add(1, Ordering::SeqCst);
    Heeded
}

impl Drop for Heeded {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(1, Ordering::SeqCst);
    }
}
