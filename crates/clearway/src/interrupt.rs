//! Ctrl-C and the wish of the system that the program ends: the first is heeded, the second obeyed at once.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit code of a second Ctrl-C, as shells have it.
const AT_ONCE: i32 = 130;

/// From now on the first Ctrl-C is only noted. Where no handler can be set, Ctrl-C ends the program as it always did.
pub fn heed() {
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(AT_ONCE);
        }
    });
}

/// Whether the program was asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
