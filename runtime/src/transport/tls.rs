//! TLS by rustls, with ring for its cryptography.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use http::Uri;
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, MaybeHttpsStream};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tower_service::Service;

use super::connect::{Dialer, Tcp};
use crate::error::{BoxError, ConfigError};

/// Whose certificates to trust.
#[derive(Clone, Debug, Default)]
pub(super) enum Trust {
    /// What the system trusts. It honours `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    #[default]
    System,
    /// These alone.
    Only(Arc<RootCertStore>),
}

impl Trust {
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, ConfigError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            // The reader's error may show what it could not read, which may be a key given by mistake.
            let certificate = certificate
                .map_err(|_| ConfigError::new("a root certificate is not in PEM form"))?;
            roots.add(certificate).map_err(|error| {
                ConfigError::new("a root certificate cannot be used").with_source(error)
            })?;
        }
        if roots.is_empty() {
            return Err(ConfigError::new("there is no root certificate in the text"));
        }
        Ok(Self::Only(Arc::new(roots)))
    }

    fn client_config(&self) -> Result<ClientConfig, BoxError> {
        let provider = Arc::new(super::crypto::provider());
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let builder = match self {
            Self::System => builder.with_native_roots()?,
            Self::Only(roots) => builder.with_root_certificates(Arc::clone(roots)),
        };
        let mut config = builder.with_no_client_auth();
        if cfg!(feature = "http2") {
            config.alpn_protocols.push(b"h2".to_vec());
        }
        config.alpn_protocols.push(b"http/1.1".to_vec());
        Ok(config)
    }
}

/// TLS settings that are made on the first connection that needs them: reading the system's
/// certificates takes milliseconds, which programs that talk to this machine only need not spend.
#[derive(Clone)]
pub(super) struct LazyTls {
    trust: Trust,
    config: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl LazyTls {
    pub(super) fn new(trust: Trust) -> Self {
        Self {
            trust,
            config: Arc::default(),
        }
    }

    /// Connects to `to` by way of `dialer`.
    pub(super) fn connect(
        &self,
        dialer: Dialer,
        to: Uri,
    ) -> Pin<Box<dyn Future<Output = Result<MaybeHttpsStream<Tcp>, BoxError>> + Send>> {
        match self.config() {
            Ok(config) => HttpsConnector::from((dialer, config)).call(to),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, BoxError> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        // Two threads may both get here; the first one's is kept.
        let config = Arc::new(self.trust.client_config()?);
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }
}

/// What an error about a certificate means, where rustls only names it.
pub(super) fn explain(error: &rustls::Error) -> Option<&'static str> {
    let rustls::Error::InvalidCertificate(error) = error else {
        return None;
    };
    match error {
        CertificateError::UnknownIssuer => Some(
            "nobody who is trusted has issued it; an authority of one's own is named by \
             `AWS_CA_BUNDLE` or `root_certificates`",
        ),
        CertificateError::BadSignature => Some("whoever has issued it is not who it says"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is no certificate is found when the transport is configured.
    #[test]
    fn refuses_what_is_no_certificate() {
        for text in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
        ] {
            assert!(Trust::from_pem(text.as_bytes()).is_err(), "{text}");
        }
    }
}
