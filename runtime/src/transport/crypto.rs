//! The cryptography of TLS: ring's, as rustls chooses it, for a client that has no certificate of its own.
//!
//! rustls's own choice ([`rustls::crypto::ring::default_provider`]) also signs with a client's private key,
//! of any kind. No client here has one, and what reads and uses such keys would be in every program.

use std::sync::Arc;

use rustls::SignatureScheme;
use rustls::crypto::ring::{DEFAULT_CIPHER_SUITES, DEFAULT_KX_GROUPS};
use rustls::crypto::{
    CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use webpki::ring as pki;

pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: DEFAULT_CIPHER_SUITES.to_vec(),
        kx_groups: DEFAULT_KX_GROUPS.to_vec(),
        signature_verification_algorithms: SIGNATURES,
        secure_random: &SystemRandom,
        key_provider: &NoKeys,
    }
}

/// The signatures of services and of those who vouch for them: all that rustls verifies with ring.
const SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        pki::ECDSA_P256_SHA256,
        pki::ECDSA_P256_SHA384,
        pki::ECDSA_P384_SHA256,
        pki::ECDSA_P384_SHA384,
        pki::ED25519,
        pki::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        pki::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
        pki::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        pki::RSA_PKCS1_2048_8192_SHA256,
        pki::RSA_PKCS1_2048_8192_SHA384,
        pki::RSA_PKCS1_2048_8192_SHA512,
        pki::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        pki::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        pki::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ],
    // Before TLS 1.3 the scheme does not say which curve it is.
    mapping: &[
        (
            SignatureScheme::ECDSA_NISTP384_SHA384,
            &[pki::ECDSA_P384_SHA384, pki::ECDSA_P256_SHA384],
        ),
        (
            SignatureScheme::ECDSA_NISTP256_SHA256,
            &[pki::ECDSA_P256_SHA256, pki::ECDSA_P384_SHA256],
        ),
        (SignatureScheme::ED25519, &[pki::ED25519]),
        (
            SignatureScheme::RSA_PSS_SHA512,
            &[pki::RSA_PSS_2048_8192_SHA512_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PSS_SHA384,
            &[pki::RSA_PSS_2048_8192_SHA384_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PSS_SHA256,
            &[pki::RSA_PSS_2048_8192_SHA256_LEGACY_KEY],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA512,
            &[pki::RSA_PKCS1_2048_8192_SHA512],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA384,
            &[pki::RSA_PKCS1_2048_8192_SHA384],
        ),
        (
            SignatureScheme::RSA_PKCS1_SHA256,
            &[pki::RSA_PKCS1_2048_8192_SHA256],
        ),
    ],
};

#[derive(Debug)]
struct SystemRandom;

impl SecureRandom for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), GetRandomFailed> {
        getrandom::fill(buffer).map_err(|_| GetRandomFailed)
    }
}

/// Asked for a client's private key, of which there is none.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(
        &self,
        _: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        let message = "clients have no certificates of their own";
        Err(rustls::Error::General(message.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects against services that cannot be reached, and against a weaker choice than rustls's: what is
    /// offered and verified is the same, in the same order.
    #[test]
    fn offers_and_verifies_what_rustls_does_by_itself() {
        let (ours, theirs) = (provider(), rustls::crypto::ring::default_provider());
        assert_eq!(ours.cipher_suites, theirs.cipher_suites);
        let groups = |provider: &CryptoProvider| -> Vec<_> {
            provider
                .kx_groups
                .iter()
                .map(|group| group.name())
                .collect()
        };
        assert_eq!(groups(&ours), groups(&theirs));
        let (ours, theirs) = (
            ours.signature_verification_algorithms,
            theirs.signature_verification_algorithms,
        );
        assert_eq!(format!("{:?}", ours.all), format!("{:?}", theirs.all));
        assert_eq!(
            format!("{:?}", ours.mapping),
            format!("{:?}", theirs.mapping)
        );
    }

    /// Protects every handshake: its random numbers come from the system.
    #[test]
    fn random_numbers_differ() {
        let draw = || {
            let mut numbers = [0; 32];
            SystemRandom.fill(&mut numbers).unwrap();
            numbers
        };
        assert_ne!(draw(), draw());
    }
}
