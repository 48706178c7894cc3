//! Accounts and who is signed in. Of passwords only hashes are kept, of the tokens of those who are signed in only digests.

use super::ProjectStore;
use super::projects::checked_name;
use crate::error::ServeError;
use crate::types::{AccountInfo, AccountOrder, Role};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use rusqlite::{OptionalExtension, params};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Name under which what they do is recorded.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Seconds after which somebody who did nothing is signed out: twelve hours.
const IDLE_S: i64 = 12 * 3600;
/// Seconds after which everybody is signed out: a week.
const LONGEST_S: i64 = 7 * 24 * 3600;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn token_digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}

impl ProjectStore {
    /// Whether there are accounts. Without them a name is what somebody says of themselves.
    ///
    /// # Errors
    /// If the data base cannot be read.
    pub fn has_accounts(&self) -> Result<bool, ServeError> {
        self.read(|connection| {
            let count: i64 = connection.query_row("SELECT COUNT(*) FROM accounts", [], |row| row.get(0))?;
            Ok(count > 0)
        })
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// If the data base cannot be read.
    pub fn accounts(&self) -> Result<Vec<AccountInfo>, ServeError> {
        self.read(|connection| {
            let mut query = connection.prepare("SELECT name, role, active FROM accounts ORDER BY name")?;
            let rows = query.query_map([], |row| {
                let role: String = row.get(1)?;
                Ok(AccountInfo {
                    name: row.get(0)?,
                    role: Role::of_word(&role).unwrap_or(Role::Viewer),
                    active: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Makes or changes an account.
    ///
    /// # Errors
    /// [`ServeError::Request`] if name or password are none; [`ServeError::Conflict`] if no admin would be left.
    pub fn put_account(&self, by: &str, order: &AccountOrder) -> Result<AccountInfo, ServeError> {
        let name = checked_name(&order.name, 80)?;
        let hash = match &order.password {
            Some(password) if !(12..=1000).contains(&password.chars().count()) => {
                return Err(ServeError::Request("a password has 12 to 1,000 characters".to_owned()));
            }
            Some(password) => Some(
                Argon2::default()
                    .hash_password(password.as_bytes())
                    .map_err(|error| ServeError::Internal(format!("the password cannot be hashed: {error}")))?
                    .to_string(),
            ),
            None => None,
        };
        self.write(by, |writing| {
            let known: Option<String> = writing
                .transaction
                .query_row("SELECT password FROM accounts WHERE name = ?1", [&name], |row| row.get(0))
                .optional()?;
            let Some(password) = hash.or(known) else {
                return Err(ServeError::Request("a new account needs a password".to_owned()));
            };
            writing.transaction.execute(
                "INSERT INTO accounts (name, role, password, active) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (name) DO UPDATE SET role = ?2, password = ?3, active = ?4",
                params![name, order.role.word(), password, order.active],
            )?;
            let admins: i64 = writing.transaction.query_row(
                "SELECT COUNT(*) FROM accounts WHERE role = 'admin' AND active",
                [],
                |row| row.get(0),
            )?;
            if admins == 0 {
                return Err(ServeError::Conflict("there has to be an admin who may sign in".to_owned()));
            }
            // whoever has another role or password signs in anew
            writing.transaction.execute("DELETE FROM sessions WHERE name = ?1", [&name])?;
            writing.record(
                None,
                "account kept",
                json!({ "name": name, "role": order.role.word(), "active": order.active, "password": order.password.is_some() }),
            )?;
            Ok(AccountInfo { name: name.clone(), role: order.role, active: order.active })
        })
    }

    /// Signs somebody in: a token to be shown with each request, or `None` where name and password do not fit.
    ///
    /// # Errors
    /// [`ServeError::Request`] if the name is none.
    pub fn sign_in(&self, name: &str, password: Option<&str>) -> Result<Option<String>, ServeError> {
        let name = checked_name(name, 80)?;
        if self.has_accounts()? && !self.is_password(&name, password.unwrap_or_default())? {
            return Ok(None);
        }
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random)
            .map_err(|error| ServeError::Internal(format!("no random numbers: {error}")))?;
        let token = hex(&random);
        let now = now_s();
        self.write(&name, |writing| {
            writing.transaction.execute(
                "DELETE FROM sessions WHERE used_at < ?1 OR made_at < ?2",
                params![now - IDLE_S, now - LONGEST_S],
            )?;
            writing.transaction.execute(
                "INSERT INTO sessions (token, name, made_at, used_at) VALUES (?1, ?2, ?3, ?3)",
                params![token_digest(&token), name, now],
            )?;
            writing.record(None, "signed in", json!({ "name": name }))
        })?;
        Ok(Some(token))
    }

    /// Whether a password is that of an account. Takes as long for a name that has none.
    fn is_password(&self, name: &str, password: &str) -> Result<bool, ServeError> {
        let known: Option<String> = self.read(|connection| {
            let found = connection
                .query_row("SELECT password FROM accounts WHERE name = ?1 AND active", [name], |row| {
                    row.get(0)
                })
                .optional()?;
            Ok(found)
        })?;
        let Some(known) = known else {
            let _ = Argon2::default().hash_password(password.as_bytes());
            return Ok(false);
        };
        let hash = PasswordHash::new(&known)
            .map_err(|error| ServeError::Store(format!("a password's hash cannot be read: {error}")))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }

    /// Who a token belongs to.
    ///
    /// # Errors
    /// If the data base cannot be used.
    pub fn signed_in(&self, token: &str) -> Result<Option<SignedIn>, ServeError> {
        let digest = token_digest(token);
        let now = now_s();
        let found: Option<(String, i64, i64, Option<String>)> = self.read(|connection| {
            let found = connection
                .query_row(
                    "SELECT s.name, s.made_at, s.used_at, (SELECT role FROM accounts a WHERE a.name = s.name AND a.active) \
                     FROM sessions s WHERE s.token = ?1",
                    [&digest],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
                )
                .optional()?;
            Ok(found)
        })?;
        let Some((name, made_at, used_at, role)) = found else { return Ok(None) };
        if used_at < now - IDLE_S || made_at < now - LONGEST_S {
            return Ok(None);
        }
        if used_at < now - 600 {
            self.write(&name, |writing| {
                writing
                    .transaction
                    .execute("UPDATE sessions SET used_at = ?2 WHERE token = ?1", params![digest, now])?;
                Ok(())
            })?;
        }
        let role = match role {
            Some(word) => Role::of_word(&word),
            None if self.has_accounts()? => None,
            None => Some(Role::Admin),
        };
        Ok(role.map(|role| SignedIn { name, role }))
    }

    /// Signs somebody out.
    ///
    /// # Errors
    /// If the data base cannot be used.
    pub fn sign_out(&self, token: &str) -> Result<(), ServeError> {
        self.write("", |writing| {
            writing.transaction.execute("DELETE FROM sessions WHERE token = ?1", [token_digest(token)])?;
            Ok(())
        })
    }
}
