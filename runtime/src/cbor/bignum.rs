//! Whole numbers of any size between decimal text, which they are kept as, and bytes, which CBOR has.
//!
//! Source: RFC 8949, section 3.4.3.

/// The most bytes of a number: 4,096 digits, as many as an integer is written out to elsewhere. The work
/// grows with the square of the length.
const MAX_BYTES: usize = 1701;

/// Decimal digits that fit a limb of 32 bits.
const CHUNK: usize = 9;
const CHUNK_BASE: u64 = 1_000_000_000;

/// The bytes, most significant first and none of them a leading zero, of the number that `digits` are;
/// `None` if it is too long.
pub(super) fn to_bytes(digits: &str) -> Option<Vec<u8>> {
    let mut limbs: Vec<u32> = Vec::new();
    let first = digits.len() % CHUNK;
    let (head, rest) = digits.split_at_checked(first)?;
    let chunks = rest.as_bytes().chunks(CHUNK);
    for chunk in std::iter::once(head.as_bytes()).chain(chunks) {
        let mut carry: u64 = match chunk {
            [] => 0,
            digits => std::str::from_utf8(digits).ok()?.parse().ok()?,
        };
        for limb in &mut limbs {
            let value = u64::from(*limb) * CHUNK_BASE + carry;
            *limb = low(value);
            carry = value >> 32;
        }
        if carry > 0 {
            limbs.push(low(carry));
        }
        if limbs.len() * 4 > MAX_BYTES + 3 {
            return None;
        }
    }
    let bytes = limbs.iter().rev().flat_map(|limb| limb.to_be_bytes());
    let bytes: Vec<u8> = bytes.skip_while(|byte| *byte == 0).collect();
    (bytes.len() <= MAX_BYTES).then_some(bytes)
}

/// The digits of the number with these bytes, plus `one_more` if asked; `None` if it is too long.
pub(super) fn to_digits(bytes: &[u8], one_more: bool) -> Option<String> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = bytes
        .get(zeros..)
        .filter(|bytes| bytes.len() <= MAX_BYTES)?;
    // Limbs of nine digits, least significant first.
    let mut limbs: Vec<u32> = Vec::new();
    for byte in bytes {
        push(&mut limbs, 256, u64::from(*byte));
    }
    push(&mut limbs, 1, u64::from(one_more));
    let mut limbs = limbs.iter().rev();
    let mut digits = limbs.next().map_or_else(|| "0".to_owned(), u32::to_string);
    for limb in limbs {
        digits.push_str(&format!("{limb:0CHUNK$}"));
    }
    Some(digits)
}

/// `limbs * factor + addend`.
fn push(limbs: &mut Vec<u32>, factor: u64, addend: u64) {
    let mut carry = addend;
    for limb in limbs.iter_mut() {
        let value = u64::from(*limb) * factor + carry;
        *limb = low(value % CHUNK_BASE);
        carry = value / CHUNK_BASE;
    }
    if carry > 0 {
        limbs.push(low(carry));
    }
}

/// The low 32 bits.
fn low(value: u64) -> u32 {
    (value & u64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_has_no_bytes() {
        assert_eq!(to_bytes("0"), Some(Vec::new()));
        assert_eq!(to_digits(&[], false).as_deref(), Some("0"));
        assert_eq!(to_digits(&[0, 0], true).as_deref(), Some("1"));
    }

    #[test]
    fn length_is_bounded() {
        assert!(to_bytes(&"9".repeat(4096)).is_some());
        assert_eq!(to_bytes(&"9".repeat(5000)), None);
        assert_eq!(to_digits(&vec![1; MAX_BYTES + 1], false), None);
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_machine_numbers(number: u128) {
            let bytes = to_bytes(&number.to_string()).unwrap();
            let expected: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            proptest::prop_assert_eq!(&bytes, &expected);
            proptest::prop_assert_eq!(to_digits(&bytes, false), Some(number.to_string()));
            if let Some(next) = number.checked_add(1) {
                proptest::prop_assert_eq!(to_digits(&bytes, true), Some(next.to_string()));
            }
        }

        #[test]
        fn long_numbers_come_back(digits in "[1-9][0-9]{0,200}") {
            let bytes = to_bytes(&digits).unwrap();
            proptest::prop_assert_eq!(to_digits(&bytes, false), Some(digits));
        }
    }
}
