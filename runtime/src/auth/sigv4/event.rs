//! Signatures of the events of a request, each of which covers the one before it.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};

use super::key::{Hex, KeyCache};
use super::time::SigningTime;
use super::{Settings, SigningParams};
use crate::auth::AuthError;
use crate::identity::Credentials;
use crate::timestamp::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256-PAYLOAD";

/// Signs the events of one request.
///
/// Source: Amazon Transcribe Developer Guide, "Setting up a streaming request", which is the same for
/// all services.
#[derive(Debug)]
pub(crate) struct EventSigner {
    credentials: Credentials,
    service: &'static str,
    region: String,
    keys: KeyCache,
    /// The signature of the event before, or of the request, in hexadecimal.
    previous: String,
}

impl EventSigner {
    /// A signer of the events after the request whose headers these are; `None` for one that is not
    /// signed.
    pub(crate) fn after(
        headers: &HeaderMap,
        credentials: &Credentials,
        service: &'static str,
        region: &str,
    ) -> Option<Self> {
        let authorization = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (_, signature) = authorization.rsplit_once("Signature=")?;
        Some(Self {
            credentials: credentials.clone(),
            service,
            region: region.to_owned(),
            keys: KeyCache::default(),
            previous: signature.to_owned(),
        })
    }

    /// The signature of an event: of its headers, which hold `time`, and its payload.
    ///
    /// # Errors
    ///
    /// A time outside the years 0 to 9999.
    pub(crate) fn sign(
        &mut self,
        time: Timestamp,
        headers: &[u8],
        payload: &[u8],
    ) -> Result<[u8; 32], AuthError> {
        let params = SigningParams {
            service: self.service,
            region: &self.region,
            time,
            settings: Settings::default(),
        };
        let time = SigningTime::new(time)?;
        let hash = |bytes: &[u8]| Hex::new(&Sha256::digest(bytes).into());
        let (headers, payload) = (hash(headers), hash(payload));
        let string_to_sign = [
            ALGORITHM,
            "\n",
            time.date_time(),
            "\n",
            time.date(),
            "/",
            &self.region,
            "/",
            self.service,
            "/aws4_request\n",
            &self.previous,
            "\n",
            headers.as_str(),
            "\n",
            payload.as_str(),
        ];
        let keys = &self.keys;
        let signature = keys.digest(&self.credentials, &params, time.date(), &string_to_sign);
        self.previous = Hex::new(&signature).as_str().to_owned();
        Ok(*signature)
    }
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};

    use super::*;

    fn hmac(key: &[u8], text: &str) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Each signature covers the one before it, so that no event can be left out or put elsewhere.
    #[test]
    fn signatures_are_a_chain() {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret");
        let mut headers = HeaderMap::new();
        let seed = "0".repeat(64);
        let value = format!("AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature={seed}");
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        let mut signer = EventSigner::after(&headers, &credentials, "talk", "eu-west-1").unwrap();
        let time = "2024-10-31T14:15:14.250Z".parse().unwrap();

        let mut key = hmac(b"AWS4secret", "20241031");
        for part in ["eu-west-1", "talk", "aws4_request"] {
            key = hmac(&key, part);
        }
        let mut previous = seed;
        for payload in [&b"one"[..], b"two", b""] {
            let text = [
                "AWS4-HMAC-SHA256-PAYLOAD",
                "20241031T141514Z",
                "20241031/eu-west-1/talk/aws4_request",
                &previous,
                &hex(&Sha256::digest(b"date")),
                &hex(&Sha256::digest(payload)),
            ]
            .join("\n");
            let expected = hmac(&key, &text);
            assert_eq!(signer.sign(time, b"date", payload).unwrap()[..], expected);
            previous = hex(&expected);
        }
        assert!(!format!("{signer:?}").contains("\"secret\""));
    }

    /// What is not signed has no chain to begin with.
    #[test]
    fn a_request_without_a_signature_has_no_signer() {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret");
        let mut headers = HeaderMap::new();
        assert!(EventSigner::after(&headers, &credentials, "talk", "x").is_none());
        headers.insert(AUTHORIZATION, "Bearer token".parse().unwrap());
        assert!(EventSigner::after(&headers, &credentials, "talk", "x").is_none());
    }
}
