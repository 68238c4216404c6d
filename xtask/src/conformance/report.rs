//! What is told of the tests: a table, and what differs.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use super::build::Results;
use super::cases::{Case, Kind};
use super::models::{ModelUnderTest, ServiceUnderTest};
use crate::table;
use crate::terminal::counted;

/// The outcome of all tests.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report<'a> {
    passed: usize,
    failed: usize,
    /// Models of which no client could be made although their protocol is known.
    broken_models: usize,
    services: Vec<ServiceReport<'a>>,
    unsupported: Vec<Unsupported<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceReport<'a> {
    service: &'a str,
    file: String,
    protocol: &'a str,
    tests: Vec<KindReport>,
    failures: Vec<Failed<'a>>,
}

#[derive(Serialize)]
struct KindReport {
    kind: Kind,
    passed: usize,
    total: usize,
}

#[derive(Serialize)]
struct Failed<'a> {
    kind: Kind,
    shape: &'a str,
    id: &'a str,
    difference: &'a str,
}

/// A service of whose protocols none is known.
#[derive(Serialize)]
struct Unsupported<'a> {
    service: &'a str,
    file: String,
    protocols: &'a [String],
    tests: usize,
    #[serde(skip)]
    model: &'a ModelUnderTest,
}

/// Prints every test on a line.
pub(super) fn list(models: &[ModelUnderTest]) {
    for service in models.iter().flat_map(|model| &model.services) {
        let note = if service.protocol.is_ok() {
            ""
        } else {
            " (not supported)"
        };
        for case in &service.cases {
            let (kind, shape, id) = (case.kind.word(), &case.shape, &case.id);
            println!("{kind:<14} {shape} {id}{note}");
        }
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(models: &'a [ModelUnderTest], results: &'a Results, broken: usize) -> Self {
        let all = || {
            let services = models
                .iter()
                .flat_map(|model| model.services.iter().map(move |it| (model, it)));
            services.filter(|(_, service)| !service.cases.is_empty())
        };
        let services: Vec<_> = all()
            .filter_map(|(model, service)| {
                let protocol = service.protocol.as_ref().ok()?;
                Some(ServiceReport::new(model, service, protocol, results))
            })
            .collect();
        let unsupported = all().filter_map(|(model, service)| {
            Some(Unsupported {
                service: &service.name,
                file: model.file.display().to_string(),
                protocols: service.protocol.as_ref().err()?,
                tests: service.cases.len(),
                model,
            })
        });
        let total: usize = services
            .iter()
            .flat_map(|it| &it.tests)
            .map(|kind| kind.total)
            .sum();
        let failed = services.iter().map(|service| service.failures.len()).sum();
        Self {
            passed: total - failed,
            failed,
            broken_models: broken,
            unsupported: unsupported.collect(),
            services,
        }
    }

    /// How many tests ran.
    pub(super) fn ran(&self) -> usize {
        self.passed + self.failed
    }

    /// Whether tests ran and all of them passed.
    pub(super) fn all_passed(&self) -> bool {
        self.passed > 0 && self.failed == 0 && self.broken_models == 0
    }

    /// Whether a service that is not supported is in a model for which `matters` holds.
    pub(super) fn unsupported(&self, matters: impl Fn(&ModelUnderTest) -> bool) -> bool {
        self.unsupported
            .iter()
            .any(|service| matters(service.model))
    }

    /// The report in JSON.
    pub(super) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// The report for people: first what differs, then the table.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for service in &self.services {
            for failed in &service.failures {
                let _ = writeln!(
                    text,
                    "FAILED {} {} {} {}\n    {}\n",
                    service.service,
                    failed.kind.word(),
                    failed.shape,
                    failed.id,
                    failed.difference.replace('\n', "\n    ")
                );
            }
        }
        if !self.services.is_empty() {
            text.push_str(&self.table());
        }
        for service in &self.unsupported {
            let protocols = match service.protocols {
                [] => "no protocol".to_owned(),
                spoken => spoken.join(", "),
            };
            let tests = counted(service.tests, "test");
            let _ = writeln!(
                text,
                "not supported: {} ({protocols}), {tests} not run",
                service.service
            );
        }
        if self.broken_models > 0 {
            let _ = writeln!(text, "{} broken", counted(self.broken_models, "model"));
        }
        let _ = match self.ran() {
            0 => writeln!(text, "no test ran"),
            _ => writeln!(text, "{} passed, {} failed", self.passed, self.failed),
        };
        text
    }

    /// A line a service: passed of all, by kind. It is Markdown as well.
    fn table(&self) -> String {
        let mut rows = vec![["service", "protocol"].map(str::to_owned).to_vec()];
        if let Some(heads) = rows.first_mut() {
            heads.extend(Kind::ALL.map(|(_, title)| title.to_owned()));
        }
        rows.extend(self.services.iter().map(ServiceReport::row));
        table::render(&rows, &[])
    }
}

impl<'a> ServiceReport<'a> {
    fn new(
        model: &'a ModelUnderTest,
        service: &'a ServiceUnderTest,
        protocol: &'a str,
        results: &'a Results,
    ) -> Self {
        let failed = |case: &'a Case| {
            Some(Failed {
                kind: case.kind,
                shape: &case.shape,
                id: &case.id,
                difference: results.failure(case)?,
            })
        };
        let failures: Vec<_> = service.cases.iter().filter_map(failed).collect();
        let count = |kind: Kind| {
            let total = service
                .cases
                .iter()
                .filter(|case| case.kind == kind)
                .count();
            let failed = failures.iter().filter(|failed| failed.kind == kind).count();
            KindReport {
                kind,
                passed: total - failed,
                total,
            }
        };
        Self {
            service: &service.name,
            file: model.file.display().to_string(),
            protocol,
            tests: Kind::ALL.map(|(kind, _)| count(kind)).into(),
            failures,
        }
    }

    fn row(&self) -> Vec<String> {
        let protocol = self.protocol.rsplit('#').next().unwrap_or_default();
        let mut cells = vec![self.service.to_owned(), protocol.to_owned()];
        cells.extend(self.tests.iter().map(|kind| match kind.total {
            0 => String::new(),
            total => format!("{}/{total}", kind.passed),
        }));
        cells
    }
}
