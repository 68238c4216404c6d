//! HTTP bindings and the endpoint's host prefix.
//!
//! Source: Smithy 2.0, "HTTP bindings" and "endpoint trait".

use std::fmt;

use crate::model::Traits;
use crate::node::Node;

/// `smithy.api#http`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http<'a> {
    /// The request's method.
    pub method: &'a str,
    /// The URI as written.
    pub uri: &'a str,
    /// The status of success, 200 where none is given.
    pub code: u16,
}

/// Where a member goes in an HTTP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpBinding<'a> {
    /// In the document of the body.
    Body,
    /// `httpLabel`.
    Label,
    /// `httpQuery`, with the parameter's name.
    Query(&'a str),
    /// `httpQueryParams`.
    QueryParams,
    /// `httpHeader`, with the header's name.
    Header(&'a str),
    /// `httpPrefixHeaders`, with the prefix.
    PrefixHeaders(&'a str),
    /// `httpPayload`.
    Payload,
    /// `httpResponseCode`.
    ResponseCode,
}

/// A URI pattern: segments, and parameters of the query string that are always sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UriPattern<'a> {
    /// The path's segments, those between slashes. A path that ends with a slash has an empty literal
    /// as its last segment.
    pub segments: Vec<Segment<'a>>,
    /// The literal query parameters.
    pub query: Vec<QueryLiteral<'a>>,
}

/// A segment of a [`UriPattern`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Text that is sent as it is.
    Literal(&'a str),
    /// `{name}` or, greedy, `{name+}`.
    Label {
        /// The member that fills it.
        name: &'a str,
        /// Whether it takes slashes.
        greedy: bool,
    },
}

/// A query parameter of a [`UriPattern`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryLiteral<'a> {
    /// The name.
    pub name: &'a str,
    /// The value, where there is a `=`.
    pub value: Option<&'a str>,
}

/// `smithy.api#endpoint`: what stands before the endpoint's host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostPrefix<'a> {
    /// The parts in order.
    pub parts: Vec<HostPart<'a>>,
}

/// A part of a [`HostPrefix`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPart<'a> {
    /// Text that is sent as it is.
    Literal(&'a str),
    /// The member that fills the label.
    Label(&'a str),
}

/// What is wrong with a URI pattern or host prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UriError {
    /// The byte in the pattern where it is.
    pub offset: usize,
    /// What it is.
    pub message: String,
}

impl<'s> Traits<'s> {
    /// `smithy.api#http`.
    #[must_use]
    pub fn http(&self) -> Option<Http<'_>> {
        let node = self.get("smithy.api#http")?;
        let code = node.get("code").and_then(Node::as_number);
        Some(Http {
            method: node.get_str("method")?,
            uri: node.get_str("uri")?,
            code: code.and_then(|code| code.parse().ok()).unwrap_or(200),
        })
    }

    /// Where the member goes in an HTTP message.
    #[must_use]
    pub fn http_binding(&self) -> HttpBinding<'_> {
        if self.has("smithy.api#httpLabel") {
            HttpBinding::Label
        } else if let Some(name) = self.string("smithy.api#httpQuery") {
            HttpBinding::Query(name)
        } else if self.has("smithy.api#httpQueryParams") {
            HttpBinding::QueryParams
        } else if let Some(name) = self.string("smithy.api#httpHeader") {
            HttpBinding::Header(name)
        } else if let Some(prefix) = self.string("smithy.api#httpPrefixHeaders") {
            HttpBinding::PrefixHeaders(prefix)
        } else if self.has("smithy.api#httpPayload") {
            HttpBinding::Payload
        } else if self.has("smithy.api#httpResponseCode") {
            HttpBinding::ResponseCode
        } else {
            HttpBinding::Body
        }
    }

    /// `smithy.api#endpoint`: the host prefix as written.
    #[must_use]
    pub fn endpoint_host_prefix(&self) -> Option<&str> {
        self.get("smithy.api#endpoint")?.get_str("hostPrefix")
    }

    /// `smithy.api#hostLabel`.
    #[must_use]
    pub fn host_label(&self) -> bool {
        self.has("smithy.api#hostLabel")
    }

    /// `smithy.api#httpChecksumRequired`.
    #[must_use]
    pub fn http_checksum_required(&self) -> bool {
        self.has("smithy.api#httpChecksumRequired")
    }
}

impl<'a> Http<'a> {
    /// The URI, read.
    ///
    /// # Errors
    ///
    /// Tells where the URI is not a pattern as Smithy's "httpTrait uri" says.
    pub fn pattern(&self) -> Result<UriPattern<'a>, UriError> {
        UriPattern::parse(self.uri)
    }
}

impl<'a> UriPattern<'a> {
    /// Reads a URI pattern.
    ///
    /// # Errors
    ///
    /// Tells where the text is not a pattern.
    pub fn parse(uri: &'a str) -> Result<Self, UriError> {
        if let Some((offset, character)) = uri.char_indices().find(|(_, c)| !is_uri(*c)) {
            let message = format!("a URI pattern cannot hold {character:?}");
            return Err(UriError::new(offset, message));
        }
        let (path, query) = match uri.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (uri, None),
        };
        let Some(relative) = path.strip_prefix('/') else {
            return Err(UriError::new(0, "a URI must begin with `/`"));
        };
        let mut pattern = Self::default();
        let mut offset = 1;
        let last = path.len();
        for segment in relative.split('/') {
            // A slash at the end is sent, as an empty last segment.
            if segment.is_empty() && offset == last {
                if !pattern.segments.is_empty() {
                    pattern.segments.push(Segment::Literal(""));
                }
            } else {
                pattern.segments.push(Segment::parse(segment, offset)?);
            }
            offset += segment.len() + 1;
        }
        if let Some(query) = query {
            pattern.query = query_literals(query, path.len() + 1)?;
        }
        pattern.check_labels(uri)?;
        Ok(pattern)
    }

    /// Labels have each their own name, and a greedy one is the last of them.
    fn check_labels(&self, uri: &str) -> Result<(), UriError> {
        let mut greedy = false;
        let mut names: Vec<&str> = Vec::new();
        for name in self.labels() {
            let offset = uri.rfind(&format!("{{{name}")).unwrap_or(0);
            if names.contains(&name) {
                return Err(UriError::new(
                    offset,
                    format!("the label `{name}` stands twice"),
                ));
            }
            if greedy {
                return Err(UriError::new(
                    offset,
                    "a greedy label must be the last label",
                ));
            }
            greedy = self
                .segments
                .contains(&Segment::Label { name, greedy: true });
            names.push(name);
        }
        Ok(())
    }

    /// The names of the labels, in order.
    pub fn labels(&self) -> impl Iterator<Item = &'a str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Label { name, .. } => Some(*name),
            Segment::Literal(_) => None,
        })
    }
}

impl<'a> Segment<'a> {
    fn parse(segment: &'a str, offset: usize) -> Result<Self, UriError> {
        if segment.is_empty() {
            return Err(UriError::new(offset, "a segment of the path is empty"));
        }
        if segment == "." || segment == ".." {
            return Err(UriError::new(
                offset,
                "a segment of the path is a dot segment",
            ));
        }
        let Some(label) = segment.strip_prefix('{') else {
            return match segment.find(['{', '}']) {
                Some(at) => {
                    let message = "a label must take a whole segment of the path";
                    Err(UriError::new(offset + at, message))
                }
                None => Ok(Self::Literal(segment)),
            };
        };
        let Some(label) = label.strip_suffix('}') else {
            return Err(UriError::new(
                offset,
                "a label must take a whole segment of the path",
            ));
        };
        let (name, greedy) = match label.strip_suffix('+') {
            Some(name) => (name, true),
            None => (label, false),
        };
        if is_label(name) {
            Ok(Self::Label { name, greedy })
        } else {
            let message = format!("`{name}` is not a valid label name");
            Err(UriError::new(offset + 1, message))
        }
    }
}

/// The characters of a path and query (RFC 3986 section 3.3 and 3.4), and the braces of labels.
fn is_uri(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=:@/?{}".contains(character)
}

fn is_label(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn query_literals(query: &str, offset: usize) -> Result<Vec<QueryLiteral<'_>>, UriError> {
    if query.is_empty() {
        return Err(UriError::new(offset - 1, "a URI cannot end with `?`"));
    }
    if let Some(at) = query.find(['{', '}']) {
        let message = "a query string can hold no labels; bind the member with `httpQuery`";
        return Err(UriError::new(offset + at, message));
    }
    let mut literals: Vec<QueryLiteral<'_>> = Vec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (parameter, None),
        };
        if literals.iter().any(|literal| literal.name == name) {
            let message = format!("the query parameter `{name}` stands twice");
            return Err(UriError::new(offset, message));
        }
        literals.push(QueryLiteral { name, value });
    }
    Ok(literals)
}

impl<'a> HostPrefix<'a> {
    /// Reads a host prefix.
    ///
    /// # Errors
    ///
    /// Tells where a label is not closed or has no name.
    pub fn parse(prefix: &'a str) -> Result<Self, UriError> {
        let mut parts = Vec::new();
        let mut rest = prefix;
        while !rest.is_empty() {
            let offset = prefix.len() - rest.len();
            let Some(label) = rest.strip_prefix('{') else {
                let end = rest.find('{').unwrap_or(rest.len());
                parts.push(HostPart::Literal(&rest[..end]));
                rest = &rest[end..];
                continue;
            };
            let Some((name, after)) = label.split_once('}') else {
                return Err(UriError::new(offset, "the label is not closed"));
            };
            if !is_label(name) {
                let message = format!("`{name}` is not a valid label name");
                return Err(UriError::new(offset + 1, message));
            }
            parts.push(HostPart::Label(name));
            rest = after;
        }
        Ok(Self { parts })
    }

    /// The names of the labels, in order.
    pub fn labels(&self) -> impl Iterator<Item = &'a str> {
        self.parts.iter().filter_map(|part| match part {
            HostPart::Label(name) => Some(*name),
            HostPart::Literal(_) => None,
        })
    }
}

impl UriError {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self {
            offset,
            message: message.into(),
        }
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UriError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(uri: &str) -> Option<usize> {
        UriPattern::parse(uri).err().map(|error| error.offset)
    }

    #[test]
    fn uris_are_read_into_segments_and_query() {
        let pattern = UriPattern::parse("/a/{id}/{rest+}?list&kind=2");
        let expected = UriPattern {
            segments: vec![
                Segment::Literal("a"),
                Segment::Label {
                    name: "id",
                    greedy: false,
                },
                Segment::Label {
                    name: "rest",
                    greedy: true,
                },
            ],
            query: vec![
                QueryLiteral {
                    name: "list",
                    value: None,
                },
                QueryLiteral {
                    name: "kind",
                    value: Some("2"),
                },
            ],
        };
        assert_eq!(pattern, Ok(expected));
        assert_eq!(UriPattern::parse("/"), Ok(UriPattern::default()));
    }

    /// Each of these would be sent to a place that nobody meant; the offset is where the caret goes.
    #[test]
    fn faults_in_uris_are_found() {
        assert_eq!(fault("a"), Some(0), "no slash");
        assert_eq!(fault("/a/{b}c"), Some(3), "part of a segment");
        assert_eq!(fault("/a/b{c}"), Some(4), "part of a segment");
        assert_eq!(fault("/{a}/{a}"), Some(5), "twice");
        assert_eq!(fault("/{a+}/{b}"), Some(6), "greedy is not last");
        assert_eq!(fault("/a?b={c}"), Some(5), "label in the query");
        assert_eq!(fault("/a//b"), Some(3), "empty");
        assert_eq!(fault("/a b"), Some(2), "space");
        assert_eq!(fault("/{}"), Some(2), "no name");
        assert_eq!(fault("/a/../b"), Some(3), "dot segment");
        assert_eq!(fault("/a?"), Some(2), "empty query");
        assert_eq!(fault("/{a+}/b"), None, "a literal may follow");
        assert_eq!(fault("/a/"), None, "a slash may end the path");
    }

    #[test]
    fn host_prefixes_are_read_into_parts() {
        let prefix = HostPrefix::parse("a.{b}-{c}.");
        let expected = HostPrefix {
            parts: vec![
                HostPart::Literal("a."),
                HostPart::Label("b"),
                HostPart::Literal("-"),
                HostPart::Label("c"),
                HostPart::Literal("."),
            ],
        };
        assert_eq!(prefix, Ok(expected));
        assert_eq!(HostPrefix::parse("a.{b").err().map(|e| e.offset), Some(2));
    }
}
