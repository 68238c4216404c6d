//! Amazon Resource Names, and S3's rule for bucket names.
//!
//! Source: Smithy 2.0, "AWS rules engine library functions".

use std::net::Ipv4Addr;

use super::functions::is_valid_host_label;

/// The parts of an Amazon Resource Name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arn<'a> {
    /// The partition, such as `aws`.
    pub partition: &'a str,
    /// The service, such as `s3`.
    pub service: &'a str,
    /// The region, empty where the resource has none.
    pub region: &'a str,
    /// The account, empty where the resource has none.
    pub account_id: &'a str,
    /// The pieces of the resource between `:` and `/`.
    pub resource_id: Vec<&'a str>,
}

/// `aws.parseArn`: takes an ARN apart; `None` for text that is none.
#[must_use]
pub fn parse_arn(input: &str) -> Option<Arn<'_>> {
    let mut parts = input.strip_prefix("arn:")?.splitn(5, ':');
    let partition = parts.next().filter(|part| !part.is_empty())?;
    let service = parts.next().filter(|part| !part.is_empty())?;
    let region = parts.next()?;
    let account_id = parts.next()?;
    let resource = parts.next().filter(|part| !part.is_empty())?;
    Some(Arn {
        partition,
        service,
        region,
        account_id,
        resource_id: resource.split([':', '/']).collect(),
    })
}

/// `aws.isVirtualHostableS3Bucket`: whether a bucket's name can be a label of the host name, or,
/// with `allow_sub_domains`, several joined by dots.
#[must_use]
pub fn is_virtual_hostable_s3_bucket(name: &str, allow_sub_domains: bool) -> bool {
    (3..=63).contains(&name.len())
        && is_valid_host_label(name, allow_sub_domains)
        && !name.bytes().any(|byte| byte.is_ascii_uppercase())
        && name.split('.').all(|label| !label.ends_with('-'))
        && name.parse::<Ipv4Addr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_six_parts() {
        let arn = parse_arn("arn:aws:s3:us-east-2:012345678:outpost:op-1/x").unwrap();
        assert_eq!(arn.partition, "aws");
        assert_eq!(arn.service, "s3");
        assert_eq!(arn.region, "us-east-2");
        assert_eq!(arn.account_id, "012345678");
        assert_eq!(arn.resource_id, ["outpost", "op-1", "x"]);
    }

    #[test]
    fn region_and_account_may_be_empty() {
        let arn = parse_arn("arn:aws:s3:::bucket").unwrap();
        assert_eq!((arn.region, arn.account_id), ("", ""));
    }

    #[test]
    fn text_that_is_no_arn_is_refused() {
        for text in [
            "",
            "bucket",
            "arn:aws:s3:r:1",
            "arn:aws:s3:r:1:",
            "arn::s3:r:1:x",
            "arn:aws::r:1:x",
        ] {
            assert_eq!(parse_arn(text), None, "{text}");
        }
    }

    #[test]
    fn bucket_names_are_stricter_than_host_labels() {
        assert!(is_virtual_hostable_s3_bucket("bucket-1", false));
        assert!(is_virtual_hostable_s3_bucket("my.bucket", true));
        for name in [
            "aa",
            "Bucket",
            "bucket-",
            "a.bucket-.b",
            "192.168.5.4",
            "my..bucket",
        ] {
            assert!(!is_virtual_hostable_s3_bucket(name, true), "{name}");
        }
    }
}
