//! The partitions of AWS.

/// A group of regions with names and credentials of its own.
///
/// Source: Smithy 2.0, "Partition structure".
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Partition {
    /// The partition's name, as in ARNs.
    pub name: &'static str,
    /// The suffix of host names.
    pub dns_suffix: &'static str,
    /// The suffix of host names that also have IPv6 addresses.
    pub dual_stack_dns_suffix: &'static str,
    /// Whether there are FIPS endpoints.
    pub supports_fips: bool,
    /// Whether there are dual-stack endpoints.
    pub supports_dual_stack: bool,
    /// The region that services without regions sign with.
    pub implicit_global_region: &'static str,
    /// What the names of its regions start with, up to and with a dash.
    prefixes: &'static [&'static str],
    /// Regions whose names do not have the usual form.
    regions: &'static [&'static str],
}

/// Names of regions come as `prefix-word-number`; a partition is known by its prefixes. The first is
/// the one for regions that no partition knows.
static PARTITIONS: [Partition; 8] = [
    Partition {
        name: "aws",
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        implicit_global_region: "us-east-1",
        prefixes: &[
            "us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-",
        ],
        regions: &["aws-global"],
        ..COMMON
    },
    Partition {
        name: "aws-us-gov",
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        implicit_global_region: "us-gov-west-1",
        prefixes: &["us-gov-"],
        regions: &["aws-us-gov-global"],
        ..COMMON
    },
    Partition {
        name: "aws-cn",
        dns_suffix: "amazonaws.com.cn",
        dual_stack_dns_suffix: "api.amazonwebservices.com.cn",
        implicit_global_region: "cn-northwest-1",
        prefixes: &["cn-"],
        regions: &["aws-cn-global"],
        ..COMMON
    },
    Partition {
        name: "aws-iso",
        dns_suffix: "c2s.ic.gov",
        dual_stack_dns_suffix: "api.aws.ic.gov",
        implicit_global_region: "us-iso-east-1",
        prefixes: &["us-iso-"],
        regions: &["aws-iso-global"],
        ..COMMON
    },
    Partition {
        name: "aws-iso-b",
        dns_suffix: "sc2s.sgov.gov",
        dual_stack_dns_suffix: "api.aws.scloud",
        implicit_global_region: "us-isob-east-1",
        prefixes: &["us-isob-"],
        regions: &["aws-iso-b-global"],
        ..COMMON
    },
    Partition {
        name: "aws-iso-e",
        dns_suffix: "cloud.adc-e.uk",
        dual_stack_dns_suffix: "api.cloud-aws.adc-e.uk",
        implicit_global_region: "eu-isoe-west-1",
        prefixes: &["eu-isoe-"],
        ..COMMON
    },
    Partition {
        name: "aws-iso-f",
        dns_suffix: "csp.hci.ic.gov",
        dual_stack_dns_suffix: "api.aws.hci.ic.gov",
        implicit_global_region: "us-isof-south-1",
        prefixes: &["us-isof-"],
        regions: &["aws-iso-f-global"],
        ..COMMON
    },
    Partition {
        name: "aws-eusc",
        dns_suffix: "amazonaws.eu",
        dual_stack_dns_suffix: "api.amazonwebservices.eu",
        implicit_global_region: "eusc-de-east-1",
        prefixes: &["eusc-de-"],
        ..COMMON
    },
];

/// What most partitions share.
const COMMON: Partition = Partition {
    name: "",
    dns_suffix: "",
    dual_stack_dns_suffix: "",
    supports_fips: true,
    supports_dual_stack: true,
    implicit_global_region: "",
    prefixes: &[],
    regions: &[],
};

/// `aws.partition`: the partition of a region. A region that no partition knows is taken for one of
/// the partition `aws`.
///
/// Source: Smithy 2.0, "`aws.partition` function".
#[must_use]
pub fn partition(region: &str) -> Option<&'static Partition> {
    PARTITIONS
        .iter()
        .find(|partition| partition.has(region))
        .or(PARTITIONS.first())
}

impl Partition {
    /// The suffix of host names of this variant of endpoints, or `None` where the partition has no
    /// such endpoints.
    pub(crate) fn suffix(&self, fips: bool, dual_stack: bool) -> Option<&'static str> {
        if (fips && !self.supports_fips) || (dual_stack && !self.supports_dual_stack) {
            return None;
        }
        Some(if dual_stack {
            self.dual_stack_dns_suffix
        } else {
            self.dns_suffix
        })
    }

    fn has(&self, region: &str) -> bool {
        self.regions.contains(&region)
            || self
                .prefixes
                .iter()
                .filter_map(|prefix| region.strip_prefix(prefix))
                .any(is_word_and_number)
    }
}

/// Matches `\w+-\d+`, the end of a region's name.
fn is_word_and_number(rest: &str) -> bool {
    let is_word = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    rest.split_once('-').is_some_and(|(word, number)| {
        !word.is_empty()
            && is_word(word)
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(region: &str) -> &'static str {
        partition(region).unwrap().name
    }

    #[test]
    fn a_region_not_built_yet_is_known_by_its_form() {
        assert_eq!(name("us-east-10"), "aws");
        assert_eq!(name("cn-north-5"), "aws-cn");
        assert_eq!(name("us-gov-south-1"), "aws-us-gov");
        assert_eq!(name("us-isob-west-1"), "aws-iso-b");
        assert_eq!(name("eusc-de-west-2"), "aws-eusc");
        assert_eq!(name("aws-cn-global"), "aws-cn");
    }

    /// Protects callers who need a variant: they never get another one instead.
    #[test]
    fn a_variant_that_a_partition_lacks_has_no_suffix() {
        let no_fips = Partition {
            supports_fips: false,
            dns_suffix: "plain",
            dual_stack_dns_suffix: "dual",
            ..COMMON
        };
        let no_dual_stack = Partition {
            supports_fips: true,
            supports_dual_stack: false,
            ..no_fips
        };
        for (fips, dual_stack, without_fips, without_dual_stack) in [
            (false, false, Some("plain"), Some("plain")),
            (true, false, None, Some("plain")),
            (false, true, Some("dual"), None),
            (true, true, None, None),
        ] {
            assert_eq!(no_fips.suffix(fips, dual_stack), without_fips);
            assert_eq!(no_dual_stack.suffix(fips, dual_stack), without_dual_stack);
        }
    }

    #[test]
    fn a_region_of_no_known_form_is_of_the_first_partition() {
        for region in [
            "mars-global",
            "",
            "us-gov-west",
            "cn-north-",
            "cn--1",
            "cn-a-b-1",
        ] {
            assert_eq!(name(region), "aws", "{region}");
        }
    }

    /// Protects the table against AWS's own data, where that is at hand.
    #[test]
    fn the_table_agrees_with_the_public_partition_data() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/conformance/endpoint-rules/partitions.json"
        );
        let Ok(text) = std::fs::read_to_string(path) else {
            println!("skipped 1 test: no partition data beside the checkout");
            return;
        };
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        let known = data["partitions"].as_array().unwrap();
        assert_eq!(known.len(), PARTITIONS.len());
        for (ours, theirs) in PARTITIONS.iter().zip(known) {
            let outputs = &theirs["outputs"];
            assert_eq!(ours.name, theirs["id"]);
            assert_eq!(ours.name, outputs["name"]);
            assert_eq!(ours.dns_suffix, outputs["dnsSuffix"]);
            assert_eq!(ours.dual_stack_dns_suffix, outputs["dualStackDnsSuffix"]);
            assert_eq!(ours.supports_fips, outputs["supportsFIPS"]);
            assert_eq!(ours.supports_dual_stack, outputs["supportsDualStack"]);
            assert_eq!(ours.implicit_global_region, outputs["implicitGlobalRegion"]);
            assert_eq!(pattern(ours), theirs["regionRegex"].as_str().unwrap());
            for region in theirs["regions"].as_object().unwrap().keys() {
                assert_eq!(name(region), ours.name, "{region}");
            }
        }
    }

    /// The regular expression that a partition's prefixes stand for, as the public data writes it.
    fn pattern(partition: &Partition) -> String {
        let start = match partition.prefixes {
            ["eusc-de-"] => r"eusc\-(de)".to_owned(),
            [prefix] => prefix.trim_end_matches('-').replace('-', r"\-"),
            prefixes => {
                let words: Vec<_> = prefixes.iter().map(|p| p.trim_end_matches('-')).collect();
                format!("({})", words.join("|"))
            }
        };
        format!(r"^{start}\-\w+\-\d+$")
    }
}
