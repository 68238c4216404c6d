//! `smithy.api#httpBearerAuth`: RFC 6750, section 2.1.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::{AuthError, check_visible, sensitive_value};
use crate::identity::Token;
use crate::request::set_header;

const NAME: &str = "bearer token";

pub(super) fn authenticate(headers: &mut HeaderMap, token: &Token) -> Result<(), AuthError> {
    let token = token.expose();
    check_visible(NAME, token)?;
    let value = sensitive_value(NAME, ["Bearer ", token].concat())?;
    set_header(headers, AUTHORIZATION, value);
    Ok(())
}
