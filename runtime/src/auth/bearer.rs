//! `smithy.api#httpBearerAuth`: RFC 6750, section 2.1.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use zeroize::Zeroizing;

use super::{AuthError, check_visible, sensitive_value};
use crate::identity::Token;

const NAME: &str = "bearer token";

pub(super) fn authenticate(headers: &mut HeaderMap, token: &Token) -> Result<(), AuthError> {
    let token = token.expose();
    check_visible(NAME, token)?;
    let text = Zeroizing::new(["Bearer ", token].concat());
    headers.insert(AUTHORIZATION, sensitive_value(NAME, &text)?);
    Ok(())
}
