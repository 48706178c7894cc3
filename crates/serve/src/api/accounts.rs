//! Who asks.

use super::body::{Body, COOKIE, actor, token};
use super::problems::Problems;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::limits::{Limits, this_minute};
use crate::types::{AccountInfo, AccountOrder, Role, SessionInfo, SignIn};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Who asks.
#[utoipa::path(get, path = "/api/session", tag = "session", responses((status = 200, body = SessionInfo), Problems))]
pub(super) async fn session(
    State(app): State<SharedApp>,
    headers: HeaderMap,
) -> Result<Json<SessionInfo>, ServeError> {
    let found = actor(&headers, &app).await?;
    let accounts = off_thread(&app, |app| app.store.has_accounts()).await?;
    Ok(Json(SessionInfo {
        name: found.as_ref().filter(|actor| actor.is_named).map(|actor| actor.name.clone()),
        role: found.map(|actor| actor.role),
        accounts,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

/// Sign in, or say your name where there are no accounts.
#[utoipa::path(
    post, path = "/api/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = SessionInfo), Problems)
)]
pub(super) async fn sign_in(
    State(app): State<SharedApp>,
    Body(order): Body<SignIn>,
) -> Result<Response, ServeError> {
    let minute = this_minute();
    let Limits { wrong_passwords, wrong_passwords_in_all, .. } = &app.limits;
    // a person who mistypes keeps nobody else out, and nobody tries very many names
    let name = order.name.trim().to_owned();
    if wrong_passwords.is_reached(&name, minute) || wrong_passwords_in_all.is_reached("", minute) {
        return Err(ServeError::TooMany);
    }
    let (signed_in, info) = off_thread(&app, move |app| {
        let token = app.store.sign_in(&order.name, order.password.as_deref())?;
        let signed_in = token.as_deref().map(|token| app.store.signed_in(token)).transpose()?.flatten();
        let info = SessionInfo {
            name: signed_in.as_ref().map(|signed_in| signed_in.name.clone()),
            role: signed_in.map(|signed_in| signed_in.role),
            accounts: app.store.has_accounts()?,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        Ok((token, info))
    })
    .await?;
    let Some(token) = signed_in else {
        wrong_passwords.take(&name, minute);
        wrong_passwords_in_all.take("", minute);
        return Err(ServeError::Forbidden("name and password do not fit".to_owned()));
    };
    with_cookie(&app, &token, Json(info).into_response())
}

/// Sign out.
#[utoipa::path(delete, path = "/api/session", tag = "session", responses((status = 204), Problems))]
pub(super) async fn sign_out(
    State(app): State<SharedApp>,
    headers: HeaderMap,
) -> Result<Response, ServeError> {
    if let Some(token) = token(&headers) {
        off_thread(&app, move |app| app.store.sign_out(&token)).await?;
    }
    with_cookie(&app, "", StatusCode::NO_CONTENT.into_response())
}

fn with_cookie(app: &SharedApp, token: &str, mut response: Response) -> Result<Response, ServeError> {
    let secure = if app.settings.is_encrypted() { "; Secure" } else { "" };
    let age = if token.is_empty() { 0 } else { 7 * 24 * 3600 };
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}");
    let value = HeaderValue::from_str(&cookie)
        .map_err(|_| ServeError::Internal("a cookie that is none".to_owned()))?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(response)
}

/// All accounts.
#[utoipa::path(get, path = "/api/accounts", tag = "session", responses((status = 200, body = Vec<AccountInfo>), Problems))]
pub(super) async fn accounts(
    State(app): State<SharedApp>,
    actor: Actor,
) -> Result<Json<Vec<AccountInfo>>, ServeError> {
    actor.may(Role::Admin)?;
    Ok(Json(off_thread(&app, |app| app.store.accounts()).await?))
}

/// Make or change an account. The first one has to be an admin's; from then on everybody signs in.
#[utoipa::path(
    post, path = "/api/accounts", tag = "session", request_body = AccountOrder,
    responses((status = 200, body = AccountInfo), Problems)
)]
pub(super) async fn put_account(
    State(app): State<SharedApp>,
    actor: Actor,
    Body(order): Body<AccountOrder>,
) -> Result<Json<AccountInfo>, ServeError> {
    actor.may(Role::Admin)?;
    Ok(Json(off_thread(&app, move |app| app.store.put_account(&actor.name, &order)).await?))
}
