//! The traits of XML bindings. Source: Smithy 2.0, "XML bindings".

use crate::model::Traits;

/// `smithy.api#xmlNamespace`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XmlNamespace<'a> {
    /// The namespace's URI.
    pub uri: &'a str,
    /// The prefix it is bound to, if not the default namespace.
    pub prefix: Option<&'a str>,
}

impl Traits<'_> {
    /// `smithy.api#xmlName`.
    #[must_use]
    pub fn xml_name(&self) -> Option<&str> {
        self.string("smithy.api#xmlName")
    }

    /// `smithy.api#xmlAttribute`.
    #[must_use]
    pub fn xml_attribute(&self) -> bool {
        self.has("smithy.api#xmlAttribute")
    }

    /// `smithy.api#xmlFlattened`.
    #[must_use]
    pub fn xml_flattened(&self) -> bool {
        self.has("smithy.api#xmlFlattened")
    }

    /// `smithy.api#xmlNamespace`.
    #[must_use]
    pub fn xml_namespace(&self) -> Option<XmlNamespace<'_>> {
        let node = self.get("smithy.api#xmlNamespace")?;
        Some(XmlNamespace {
            uri: node.get_str("uri")?,
            prefix: node.get_str("prefix"),
        })
    }
}
