//! What single services need beyond what their models say.
//!
//! Generated code names a service's customization in its
//! [`ServiceSchema`](crate::operation::ServiceSchema); whichever is not named is not linked.
//!
//! Source: Smithy 2.0, "AWS customizations".

use std::fmt::Debug;

use bytes::Bytes;
#[cfg(feature = "glacier")]
use http::header::HeaderName;
use http::header::{ACCEPT, HeaderMap, HeaderValue};

use crate::operation::OperationSchema;
use crate::request::set_header;
#[cfg(feature = "glacier")]
use crate::shape::Text;
use crate::shape::{Structure, WriteError, member_text};

/// What a service needs beyond what its model says. Each method does nothing unless it is overridden.
pub trait Customization: Debug + Send + Sync {
    /// Fills in what the caller left out, before the input is checked.
    fn prepare(&self, operation: &'static OperationSchema, input: &mut dyn Structure) {
        let _ = (operation, input);
    }

    /// The URL of an endpoint that the input names, in place of the service's.
    fn endpoint(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Option<String> {
        let _ = (operation, input);
        None
    }

    /// Adds to the headers of a request that is written, before it is signed. There is no `body` where
    /// it is a stream.
    ///
    /// # Errors
    ///
    /// What the model gives no header for.
    fn finish(
        &self,
        operation: &'static OperationSchema,
        headers: &mut HeaderMap,
        body: Option<&Bytes>,
    ) -> Result<(), WriteError> {
        let _ = (operation, headers, body);
        Ok(())
    }
}

/// Amazon API Gateway: answers in another form than its model's unless asked for JSON.
#[derive(Clone, Copy, Debug)]
pub struct ApiGateway;

/// Amazon API Gateway for a [`ServiceSchema`](crate::operation::ServiceSchema).
pub static API_GATEWAY: ApiGateway = ApiGateway;

impl Customization for ApiGateway {
    fn finish(
        &self,
        _: &'static OperationSchema,
        headers: &mut HeaderMap,
        _: Option<&Bytes>,
    ) -> Result<(), WriteError> {
        let json = HeaderValue::from_static("application/json");
        set_header(headers, ACCEPT, json);
        Ok(())
    }
}

/// Amazon Machine Learning: `Predict` goes to the endpoint that its input names.
#[derive(Clone, Copy, Debug)]
pub struct MachineLearning;

/// Amazon Machine Learning for a [`ServiceSchema`](crate::operation::ServiceSchema).
pub static MACHINE_LEARNING: MachineLearning = MachineLearning;

impl Customization for MachineLearning {
    fn endpoint(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Option<String> {
        (operation.name() == "Predict")
            .then(|| member_text(input, "PredictEndpoint"))
            .flatten()
    }
}

/// Amazon Glacier: a header with the version of the API, `-` for the caller's own account, and hashes of
/// what is uploaded. The hashes of an upload from a stream are the caller's to give: they go before it.
#[cfg(feature = "glacier")]
#[derive(Clone, Copy, Debug)]
pub struct Glacier;

/// Amazon Glacier for a [`ServiceSchema`](crate::operation::ServiceSchema).
#[cfg(feature = "glacier")]
pub static GLACIER: Glacier = Glacier;

#[cfg(feature = "glacier")]
impl Customization for Glacier {
    fn prepare(&self, operation: &'static OperationSchema, input: &mut dyn Structure) {
        const ACCOUNT: &str = "accountId";
        let members = operation.input.members.iter();
        let index = members.clone().position(|member| member.name == ACCOUNT);
        let given = member_text(input, ACCOUNT).is_some_and(|account| !account.is_empty());
        if let Some(index) = index
            && !given
        {
            // The member is a string, which takes every text.
            let _ = input.read(index, &mut Text("-"));
        }
    }

    fn finish(
        &self,
        operation: &'static OperationSchema,
        headers: &mut HeaderMap,
        body: Option<&Bytes>,
    ) -> Result<(), WriteError> {
        let version = operation.service.version;
        let version = HeaderValue::try_from(version)
            .map_err(|_| WriteError::new("the model's version fits no header"))?;
        let name = HeaderName::from_static("x-amz-glacier-version");
        set_header(headers, name, version);
        let uploads = matches!(operation.name(), "UploadArchive" | "UploadMultipartPart");
        if let Some(body) = body.filter(|_| uploads) {
            let hashes = [
                ("x-amz-content-sha256", tree_hash::whole(body)),
                ("x-amz-sha256-tree-hash", tree_hash::tree(body)),
            ];
            for (name, hash) in hashes {
                let name = HeaderName::from_static(name);
                if !headers.contains_key(&name) {
                    set_header(headers, name, hash?);
                }
            }
        }
        Ok(())
    }
}

/// Source: Amazon S3 Glacier Developer Guide, "Computing Checksums".
#[cfg(feature = "glacier")]
mod tree_hash {
    use http::header::HeaderValue;
    use sha2::{Digest, Sha256};

    use crate::shape::WriteError;

    /// The bytes of a leaf of the tree.
    const LEAF: usize = 1024 * 1024;

    /// The hash of all bytes at once, in hexadecimal.
    pub(super) fn whole(bytes: &[u8]) -> Result<HeaderValue, WriteError> {
        hex(&Sha256::digest(bytes))
    }

    /// The hash over the hashes of each mebibyte, two of which are joined until one is left, in
    /// hexadecimal.
    pub(super) fn tree(bytes: &[u8]) -> Result<HeaderValue, WriteError> {
        let mut hashes: Vec<_> = bytes.chunks(LEAF).map(Sha256::digest).collect();
        while hashes.len() > 1 {
            let joined = hashes.chunks(2).map(|pair| match pair {
                [left, right] => Sha256::new()
                    .chain_update(left)
                    .chain_update(right)
                    .finalize(),
                rest => rest.first().copied().unwrap_or_default(),
            });
            hashes = joined.collect();
        }
        hex(&hashes.pop().unwrap_or_else(|| Sha256::digest(b"")))
    }

    fn hex(hash: &[u8]) -> Result<HeaderValue, WriteError> {
        let text: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        HeaderValue::try_from(text).map_err(|_| WriteError::new("a hash fits no header"))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        /// Up to a mebibyte both hashes are the same; beyond it the tree's is made of its leaves'.
        #[test]
        fn hashes_of_leaves_are_joined_in_pairs() {
            let bytes: Vec<u8> = (0..LEAF * 2 + 1).map(|index| (index % 251) as u8).collect();
            let leaf = &bytes[..LEAF];
            assert_eq!(tree(leaf).unwrap(), whole(leaf).unwrap());
            let [a, b, c] = [0..LEAF, LEAF..LEAF * 2, LEAF * 2..LEAF * 2 + 1]
                .map(|range| Sha256::digest(&bytes[range]));
            let left = Sha256::digest([a, b].concat());
            let expected = hex(&Sha256::digest([left, c].concat())).unwrap();
            assert_eq!(tree(&bytes).unwrap(), expected);
            assert_eq!(tree(b"").unwrap(), whole(b"").unwrap());
        }
    }
}
