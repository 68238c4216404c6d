//! Idempotency tokens.

use crate::config::IdempotencyTokens;
use crate::generated::TokenField;

/// Fills the member of the input that tells the service which calls are the same one, where the
/// caller left it out, and tells whether the input then carries a token.
///
/// Source: Smithy 2.0, "idempotencyToken trait".
pub(crate) fn fill_idempotency_token(
    member: Option<&mut dyn TokenField>,
    source: &IdempotencyTokens,
) -> Result<bool, getrandom::Error> {
    let Some(member) = member else {
        return Ok(false);
    };
    if member.token().is_none() {
        member.set_token(match source {
            IdempotencyTokens::Random => random_uuid()?,
            IdempotencyTokens::Source(source) => source(),
        });
    }
    Ok(member.token().is_some_and(|token| !token.is_empty()))
}

/// A version-4 UUID from the system's random source.
fn random_uuid() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format_uuid(u128::from_be_bytes(bytes)))
}

/// The text of the version-4 UUID with these random bits.
///
/// Source: RFC 9562, section 5.4.
pub(super) fn format_uuid(random: u128) -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0b11 << 62;
    let mut bits = (random & !VERSION & !VARIANT) | (0x4 << 76) | (0b10 << 62);
    // From the last digit to the first; what stays between the groups is hyphens.
    let mut text = [b'-'; 36];
    for group in [24..36, 19..23, 14..18, 9..13, 0..8] {
        for place in text[group].iter_mut().rev() {
            *place = b"0123456789abcdef"[(bits & 0xf) as usize];
            bits >>= 4;
        }
    }
    str::from_utf8(&text).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Sensitive;

    /// The version and variant are where RFC 9562 wants them, whatever the random bits.
    #[test]
    fn uuids_are_version_4() {
        assert_eq!(format_uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(
            format_uuid(u128::MAX),
            "ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        assert_eq!(
            format_uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
            "01234567-89ab-4def-8123-456789abcdef"
        );
        assert_ne!(random_uuid().unwrap(), random_uuid().unwrap());
    }

    /// A token of the caller stays; a missing one is filled once.
    #[test]
    fn fills_only_what_is_missing() {
        let source = IdempotencyTokens::Random;
        let mut given = Some("mine".to_owned());
        assert_eq!(fill_idempotency_token(Some(&mut given), &source), Ok(true));
        assert_eq!(given.as_deref(), Some("mine"));
        let mut absent: Option<String> = None;
        assert_eq!(fill_idempotency_token(Some(&mut absent), &source), Ok(true));
        assert_eq!(absent.map(|token| token.len()), Some(36));
        assert_eq!(fill_idempotency_token(None, &source), Ok(false));
        let mut hidden: Option<Sensitive<String>> = None;
        assert_eq!(fill_idempotency_token(Some(&mut hidden), &source), Ok(true));
        assert_eq!(hidden.map(|token| token.expose().len()), Some(36));
    }
}
