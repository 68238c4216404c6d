//! CBOR as a visitor: how values of the Smithy data model become CBOR and come back.
//!
//! Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol", "Shape serialization"; RFC 8949.

mod bignum;
mod error_code;
mod number;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use error_code::read_typed_body;
pub(crate) use reader::read_members;
pub(crate) use writer::CborWriter;

/// Tags of RFC 8949, section 3.4.
mod tag {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(super) const EPOCH: u64 = 1;
    /// A byte string that is a number.
    pub(super) const UNSIGNED_BIGNUM: u64 = 2;
    /// A byte string that is -1 minus a number.
    pub(super) const NEGATIVE_BIGNUM: u64 = 3;
    /// An array of an exponent to base 10 and a mantissa.
    pub(super) const DECIMAL_FRACTION: u64 = 4;
}
