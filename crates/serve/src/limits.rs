//! How often somebody may do something.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// At most so many of something in a minute, for each of those who do it.
#[derive(Debug)]
pub(crate) struct RateLimit {
    most: u32,
    /// The minute, and how many each had in it. Earlier minutes are forgotten, so that it cannot grow for long.
    counted: Mutex<(u64, HashMap<String, u32>)>,
}

impl RateLimit {
    /// At most `most` a minute.
    pub fn new(most: u32) -> Self {
        Self { most, counted: Mutex::default() }
    }

    /// Whether somebody has had as many as they may in this minute (since 1970).
    pub fn is_reached(&self, who: &str, minute: u64) -> bool {
        self.with(minute, |counts| counts.get(who).is_some_and(|count| *count >= self.most))
    }

    /// Counts one more; false where that is too many, and then it is not counted.
    pub fn take(&self, who: &str, minute: u64) -> bool {
        self.with(minute, |counts| {
            let count = counts.entry(who.to_owned()).or_default();
            let fits = *count < self.most;
            *count += u32::from(fits);
            fits
        })
    }

    fn with<T>(&self, minute: u64, work: impl FnOnce(&mut HashMap<String, u32>) -> T) -> T {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != minute {
            *counted = (minute, HashMap::new());
        }
        work(&mut counted.1)
    }
}

/// The minute that it is, since 1970.
pub(crate) fn this_minute() -> u64 {
    jiff::Timestamp::now().as_second().unsigned_abs() / 60
}

/// What is limited.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Tries to sign in that failed, by the name that was tried.
    pub wrong_passwords: RateLimit,
    /// The same of all names together: each costs the server some work.
    pub wrong_passwords_in_all: RateLimit,
    /// Files given, by who gives them.
    pub files: RateLimit,
    /// Jobs ordered, by who orders them.
    pub jobs: RateLimit,
}

/// Wrong passwords in a minute: of one name, and of all together.
const WRONG_PASSWORDS: u32 = 10;
const WRONG_PASSWORDS_IN_ALL: u32 = 100;

impl Limits {
    /// With so many files and jobs a minute.
    pub fn new(files: u32, jobs: u32) -> Self {
        Self {
            wrong_passwords: RateLimit::new(WRONG_PASSWORDS),
            wrong_passwords_in_all: RateLimit::new(WRONG_PASSWORDS_IN_ALL),
            files: RateLimit::new(files),
            jobs: RateLimit::new(jobs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_their_own_count_and_every_minute_is_new() {
        let limit = RateLimit::new(2);
        assert!(limit.take("Ada", 5) && limit.take("Ada", 5));
        assert!(!limit.take("Ada", 5) && limit.is_reached("Ada", 5));
        assert!(!limit.is_reached("Grace", 5) && limit.take("Grace", 5));
        assert!(!limit.is_reached("Ada", 6) && limit.take("Ada", 6));
        // what was refused does not count, and does not count later either
        assert!(limit.take("Ada", 6) && !limit.take("Ada", 6));
    }
}
