//! A request as it was received.

use std::collections::BTreeMap;

use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::reply::ApiError;

/// A request as it was received.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, as it was sent.
    pub path: String,
    /// The query string without its `?`, as it was sent; empty where there is none.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header that occurs once and is visible text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    }

    /// The segments of the path, decoded.
    pub(super) fn segments(&self) -> Result<Vec<String>, ApiError> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').map(decode).collect()
    }

    /// The names and values of the query string, decoded, in the order they were sent.
    pub(super) fn params(&self) -> Result<Vec<(String, String)>, ApiError> {
        self.query
            .split('&')
            .filter(|param| !param.is_empty())
            .map(|param| {
                let (name, value) = param.split_once('=').unwrap_or((param, ""));
                Ok((decode(name)?, decode(value)?))
            })
            .collect()
    }

    /// The parameters of the query string that are a signature's, by their names, decoded.
    pub(super) fn signature_params(&self) -> BTreeMap<String, String> {
        let params = self.params().unwrap_or_default().into_iter();
        params.filter(|(name, _)| is_of_signature(name)).collect()
    }

    /// The request as it was before it was signed in its query string.
    pub(super) fn without_signature_params(&self) -> Self {
        let params = self.query.split('&');
        let kept: Vec<_> = params.filter(|param| !is_of_signature(param)).collect();
        Self {
            query: kept.join("&"),
            ..self.clone()
        }
    }

    /// Refuses a body where the operation has none.
    pub(super) fn no_body(&self) -> Result<(), ApiError> {
        match self.body.is_empty() {
            true => Ok(()),
            false => Err(ApiError::serialization("this operation takes no body")),
        }
    }

    /// Refuses a query string where the operation has none.
    pub(super) fn no_query(&self) -> Result<(), ApiError> {
        match self.query.is_empty() {
            true => Ok(()),
            false => Err(ApiError::serialization("this operation takes no query")),
        }
    }
}

fn is_of_signature(param: &str) -> bool {
    param.starts_with("X-Amz-")
}

fn decode(text: &str) -> Result<String, ApiError> {
    percent_decode_str(text)
        .decode_utf8()
        .map(Into::into)
        .map_err(|_| ApiError::serialization("the URI is not UTF-8"))
}
