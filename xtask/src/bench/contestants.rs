//! Who is compared: the programs in `tests/bench`, with and without TLS.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::workspace;

/// A service with access tokens.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Service {
    CodeCatalyst,
    Route53GlobalResolver,
}

impl Service {
    pub(super) const ALL: [Self; 2] = [Self::CodeCatalyst, Self::Route53GlobalResolver];

    /// The name for people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::CodeCatalyst => "Amazon CodeCatalyst",
            Self::Route53GlobalResolver => "Amazon Route 53 Global Resolver",
        }
    }

    /// The module of the generated client.
    pub(super) fn module(self) -> &'static str {
        match self {
            Self::CodeCatalyst => "codecatalyst",
            Self::Route53GlobalResolver => "route53globalresolver",
        }
    }

    /// The official crate.
    pub(super) fn official(self) -> &'static str {
        match self {
            Self::CodeCatalyst => "aws-sdk-codecatalyst",
            Self::Route53GlobalResolver => "aws-sdk-route53globalresolver",
        }
    }
}

/// What a program calls the service with.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Client {
    Tinsmith,
    Official,
    Reqwest,
    Hyper,
}

impl Client {
    fn word(self) -> &'static str {
        match self {
            Self::Tinsmith => "tinsmith",
            Self::Official => "official",
            Self::Reqwest => "reqwest",
            Self::Hyper => "hyper",
        }
    }
}

/// A program as it is built.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Contestant {
    pub(super) service: Service,
    pub(super) client: Client,
    pub(super) tls: bool,
}

/// All of them, those that take longest to build first.
pub(super) const ALL: [Contestant; 11] = {
    use Client::{Hyper, Official, Reqwest, Tinsmith};
    use Service::{CodeCatalyst, Route53GlobalResolver};
    [
        of(Route53GlobalResolver, Official, true),
        of(CodeCatalyst, Official, true),
        of(Route53GlobalResolver, Official, false),
        of(CodeCatalyst, Official, false),
        of(CodeCatalyst, Tinsmith, true),
        of(Route53GlobalResolver, Tinsmith, true),
        of(CodeCatalyst, Reqwest, false),
        of(CodeCatalyst, Hyper, true),
        of(CodeCatalyst, Tinsmith, false),
        of(Route53GlobalResolver, Tinsmith, false),
        of(CodeCatalyst, Hyper, false),
    ]
};

/// Those who call: the clients as one gets them by default, and the floors over plain HTTP, which is what
/// all of them speak to the server here.
pub(super) const CALLERS: [Contestant; 6] = {
    use Client::{Hyper, Official, Reqwest, Tinsmith};
    use Service::{CodeCatalyst, Route53GlobalResolver};
    [
        of(CodeCatalyst, Tinsmith, true),
        of(CodeCatalyst, Official, true),
        of(Route53GlobalResolver, Tinsmith, true),
        of(Route53GlobalResolver, Official, true),
        of(CodeCatalyst, Reqwest, false),
        of(CodeCatalyst, Hyper, false),
    ]
};

const fn of(service: Service, client: Client, tls: bool) -> Contestant {
    Contestant {
        service,
        client,
        tls,
    }
}

impl Contestant {
    /// The package in `tests/bench`, and its program.
    pub(super) fn package(self) -> String {
        format!("{}-{}", self.service.module(), self.client.word())
    }

    /// The name on the command line, and of folders.
    pub(super) fn name(self) -> String {
        let tls = if self.tls { "" } else { "-no-tls" };
        format!("{}{tls}", self.package())
    }

    /// The name on the command line, as tables show it.
    pub(super) fn code(self) -> String {
        format!("`{}`", self.name())
    }

    /// The one of this name.
    ///
    /// # Errors
    ///
    /// A name that none has; the message has them all.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        Self::named_of(&ALL, name)
    }

    /// The one of this name that makes calls.
    ///
    /// # Errors
    ///
    /// A name that none has; the message has them all.
    pub(super) fn named_caller(name: &str) -> Result<Self, String> {
        Self::named_of(&CALLERS, name)
    }

    fn named_of(all: &[Self], name: &str) -> Result<Self, String> {
        let found = all.iter().find(|it| it.name() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|it| it.name()).collect();
            format!("there are {}", names.join(", "))
        })
    }

    /// The name for people.
    pub(super) fn title(self) -> String {
        match (self.client, self.tls) {
            (Client::Tinsmith, true) => "Tinsmith".to_owned(),
            (Client::Tinsmith, false) => "Tinsmith, no TLS".to_owned(),
            (Client::Official, true) => format!("`{}`", self.service.official()),
            (Client::Official, false) => {
                format!("`{}`, no default features", self.service.official())
            }
            (client, true) => format!("`{}` by hand", client.word()),
            (client, false) => format!("`{}` by hand, no TLS", client.word()),
        }
    }

    /// Where it is built, below the folder of the bench.
    pub(super) fn folder(self, profile: &str) -> PathBuf {
        super::folder()
            .join("build")
            .join(self.name())
            .join(profile)
    }

    /// The arguments that choose it and what is compiled of it, `more` features among them.
    pub(super) fn selection(self, more: &[&str]) -> Vec<String> {
        let tls = self.tls.then_some("tls");
        let features: Vec<_> = tls.into_iter().chain(more.iter().copied()).collect();
        [
            "--manifest-path",
            &manifest().to_string_lossy(),
            "--package",
            &self.package(),
            "--no-default-features",
            "--features",
            &features.join(","),
        ]
        .map(str::to_owned)
        .to_vec()
    }
}

/// The workspace of the programs.
pub(super) fn manifest() -> PathBuf {
    workspace().join("tests/bench/Cargo.toml")
}
