//! The derived signing key, kept for as long as it stays the same.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::SigningParams;
use crate::identity::Credentials;

/// The bytes of a block of SHA-256 (FIPS 180-4).
const BLOCK: usize = 64;

pub(super) type Key = Zeroizing<[u8; 32]>;

/// A SHA-256 digest in lower-case hexadecimal.
pub(super) struct Hex([u8; 64]);

impl Hex {
    pub(super) fn new(digest: &[u8; 32]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 0xf)];
        }
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Keeps the key of the last signature: a client signs for one service and region, mostly, and the
/// key changes with the date. Deriving it takes four HMACs.
#[derive(Default)]
pub(super) struct KeyCache {
    last: Mutex<Option<Derived>>,
}

struct Derived {
    credentials: Credentials,
    date: [u8; 8],
    region: String,
    service: String,
    keyed: Hmac<Sha256>,
}

impl KeyCache {
    /// Signs the text that `parts` make up together.
    pub(super) fn sign(
        &self,
        credentials: &Credentials,
        params: &SigningParams<'_>,
        date: &str,
        parts: &[&str],
    ) -> Hex {
        Hex::new(&self.digest(credentials, params, date, parts))
    }

    /// The bytes of that signature.
    pub(super) fn digest(
        &self,
        credentials: &Credentials,
        params: &SigningParams<'_>,
        date: &str,
        parts: &[&str],
    ) -> Key {
        finish(self.keyed(credentials, params, date), parts)
    }

    /// What a signature begins with: the signing key taken in, which is a third of the work on a short
    /// text.
    fn keyed(
        &self,
        credentials: &Credentials,
        params: &SigningParams<'_>,
        date: &str,
    ) -> Hmac<Sha256> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(derived) = &*last
            && derived.is_for(credentials, params, date)
        {
            return derived.keyed.clone();
        }
        let derived = Derived::new(credentials, params, date);
        last.insert(derived).keyed.clone()
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyCache(***)")
    }
}

impl Derived {
    fn new(credentials: &Credentials, params: &SigningParams<'_>, date: &str) -> Self {
        let mut day = [0; 8];
        for (to, from) in day.iter_mut().zip(date.bytes()) {
            *to = from;
        }
        let key = derive(credentials.expose_secret_access_key(), date, params);
        Self {
            credentials: credentials.clone(),
            date: day,
            region: params.region.to_owned(),
            service: params.service.to_owned(),
            keyed: keyed(key.as_slice()),
        }
    }

    fn is_for(&self, credentials: &Credentials, params: &SigningParams<'_>, date: &str) -> bool {
        self.date == date.as_bytes()
            && self.region == params.region
            && self.service == params.service
            && self.credentials.same_secret(credentials)
    }
}

fn derive(secret: &str, date: &str, params: &SigningParams<'_>) -> Key {
    let secret = Zeroizing::new(["AWS4", secret].concat());
    let mut key = hmac(secret.as_bytes(), &[date]);
    for part in [params.region, params.service, "aws4_request"] {
        key = hmac(key.as_slice(), &[part]);
    }
    key
}

/// HMAC-SHA256 (RFC 2104).
fn hmac(key: &[u8], parts: &[&str]) -> Key {
    finish(keyed(key), parts)
}

/// A code that has taken in its key.
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new(&(*block(key)).into())
}

fn finish(mut mac: Hmac<Sha256>, parts: &[&str]) -> Key {
    for part in parts {
        mac.update(part.as_bytes());
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// A key as HMAC takes it: one block, filled with zeros, of the key or of its hash where it is longer
/// (RFC 2104, section 2).
fn block(key: &[u8]) -> Zeroizing<[u8; BLOCK]> {
    let mut block = Zeroizing::new([0; BLOCK]);
    if key.len() > BLOCK {
        let digest: Key = Zeroizing::new(Sha256::digest(key).into());
        block[..32].copy_from_slice(digest.as_slice());
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex_of(key: &[u8], text: &str) -> String {
        Hex::new(&hmac(key, &[text])).as_str().to_owned()
    }

    /// Protects the padding of keys: cases 2 and 6 of RFC 4231, a key shorter and one longer than a
    /// block.
    #[test]
    fn hmac_pads_and_hashes_keys() {
        assert_eq!(
            hex_of(b"Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex_of(
                &[0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First"
            ),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    /// Protects the time of a signature: the key is derived once for a day, a region and a service,
    /// however often it signs.
    #[test]
    fn a_key_is_derived_once_a_day() {
        let cache = KeyCache::default();
        let params = SigningParams {
            service: "tokens",
            region: "us-east-1",
            time: crate::timestamp::Timestamp::default(),
            settings: super::super::Settings::default(),
        };
        // The derived key has texts of its own, which stay where they are for as long as it is kept.
        let derived = || {
            let last = cache.last.lock().unwrap();
            last.as_ref().map(|derived| derived.region.as_ptr())
        };
        cache.sign(
            &Credentials::new("AKID", "secret"),
            &params,
            "20150830",
            &["1"],
        );
        let first = derived();
        // Credentials that were provided anew are the same ones.
        for text in ["2", "3"] {
            cache.sign(
                &Credentials::new("AKID", "secret"),
                &params,
                "20150830",
                &[text],
            );
            assert_eq!(derived(), first);
        }
        let kept = cache.last.lock().unwrap().take();
        cache.sign(
            &Credentials::new("AKID", "secret"),
            &params,
            "20150831",
            &["4"],
        );
        assert_ne!(derived(), first);
        drop(kept);
    }

    /// Protects against a stale key: whatever it is derived from changes, the signature must.
    #[test]
    fn a_key_is_kept_only_for_what_it_was_derived_from() {
        let cache = KeyCache::default();
        let params = |service, region| SigningParams {
            service,
            region,
            time: crate::timestamp::Timestamp::default(),
            settings: super::super::Settings::default(),
        };
        let sign = |secret: &str, date: &str, service, region| {
            let credentials = Credentials::new("AKID", secret);
            let kept = cache.sign(&credentials, &params(service, region), date, &["text"]);
            let fresh =
                KeyCache::default().sign(&credentials, &params(service, region), date, &["text"]);
            assert_eq!(kept.as_str(), fresh.as_str());
            kept.as_str().to_owned()
        };
        let signatures = [
            sign("secret", "20150830", "service", "us-east-1"),
            sign("other", "20150830", "service", "us-east-1"),
            sign("other", "20150831", "service", "us-east-1"),
            sign("other", "20150831", "tokens", "us-east-1"),
            sign("other", "20150831", "tokens", "us-west-2"),
            sign("secret", "20150830", "service", "us-east-1"),
        ];
        assert_eq!(signatures[0], signatures[5]);
        for pair in signatures.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
        assert_eq!(format!("{cache:?}"), "KeyCache(***)");
    }
}
