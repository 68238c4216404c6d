//! The features of every generated crate, which names of services must not meet.

/// A feature of the runtime that the crate passes on.
pub(crate) struct RuntimeFeature {
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) docs: &'static str,
    /// Whether it is on where nothing is said.
    pub(crate) default: bool,
}

/// What a user of the crate may want of the runtime.
pub(crate) const RUNTIME_FEATURES: &[RuntimeFeature] = &[
    RuntimeFeature {
        name: "hyper",
        docs: "The default transport, pooled HTTP/1.1 connections on tokio, without TLS.",
        default: false,
    },
    RuntimeFeature {
        name: "tls",
        docs: "TLS for the default transport.",
        default: true,
    },
    RuntimeFeature {
        name: "http2",
        docs: "HTTP/2 for the default transport, where the service offers it.",
        default: false,
    },
    RuntimeFeature {
        name: "blocking",
        docs: "`send_blocking()` and blocking iterators over pages, for programs without an async runtime.",
        default: false,
    },
    RuntimeFeature {
        name: "aws-config",
        docs: "The providers and the configuration of the official AWS SDK for Rust.",
        default: false,
    },
    RuntimeFeature {
        name: "serde",
        docs: "`Serialize` and `Deserialize` for inputs, outputs and what is in them.",
        default: false,
    },
    RuntimeFeature {
        name: "test-util",
        docs: "`runtime::test_util`: a service in memory that answers by rules, for tests.",
        default: false,
    },
];
