//! Values to CBOR.

use std::convert::Infallible;

use jiff::SignedDuration;
use minicbor::Encoder;
use minicbor::data::Tag;
use minicbor::encode::Error;

use super::{bignum, tag};
use crate::schema::Member;
use crate::shape::{
    BigDecimal, BigInteger, Document, ListItems, MAX_DEPTH, MapEntries, ShapeWriter, Structure,
    WriteError,
};
use crate::timestamp::Timestamp;

/// Writes values as CBOR, straight into the body.
pub(crate) struct CborWriter {
    out: Encoder<Vec<u8>>,
    place: Place,
    depth: usize,
}

/// Stands for a map's key in the path of an error, since a key may be secret.
const ANY_KEY: &str = "*";

/// What the next value stands in.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// A map of CBOR whose next key is the member's name.
    Structure,
    /// A map of CBOR whose key is written already.
    Entry,
    /// An array, and the index there.
    List(usize),
}

/// A vector takes every byte, so that this error does not come up.
fn encoded<T>(result: Result<T, Error<Infallible>>) -> Result<(), WriteError> {
    (result.map(drop)).map_err(|_| WriteError::new("the value has no form in CBOR"))
}

impl CborWriter {
    /// A writer of the members of the structure that is the document.
    pub(crate) fn of_members() -> Result<Self, WriteError> {
        let mut out = Encoder::new(Vec::with_capacity(128));
        encoded(out.begin_map())?;
        Ok(Self {
            out,
            place: Place::Structure,
            depth: 0,
        })
    }

    /// The document that [`CborWriter::of_members`] began.
    pub(crate) fn end_members(mut self) -> Result<Vec<u8>, WriteError> {
        encoded(self.out.end())?;
        Ok(self.out.into_writer())
    }

    /// Writes what goes before the value of `member`.
    fn begin(&mut self, member: &Member) -> Result<&mut Encoder<Vec<u8>>, WriteError> {
        match self.place {
            Place::Structure => encoded(self.out.str(member.name))?,
            Place::Entry => {}
            Place::List(index) => self.place = Place::List(index + 1),
        }
        Ok(&mut self.out)
    }

    /// Writes what a container holds; its head is written already.
    fn nest(
        &mut self,
        outer: Place,
        inner: Place,
        member: &Member,
        content: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        if self.depth == MAX_DEPTH {
            return Err(WriteError::new("nested too deeply"));
        }
        self.depth += 1;
        let place = std::mem::replace(&mut self.place, inner);
        content(self).map_err(|error| match outer {
            Place::Structure => error.under(member.name),
            Place::Entry => error.under(ANY_KEY),
            Place::List(index) => error.under(&index.to_string()),
        })?;
        self.place = place;
        self.depth -= 1;
        Ok(())
    }

    /// Source: RFC 8949, section 3.4.3.
    fn write_bignum(&mut self, text: &str) -> Result<(), WriteError> {
        let too_long = || WriteError::new("an integer of too many digits");
        let (tag, digits) = match text.strip_prefix('-') {
            None => (tag::UNSIGNED_BIGNUM, text),
            Some(digits) => (tag::NEGATIVE_BIGNUM, digits),
        };
        let mut bytes = bignum::to_bytes(digits).ok_or_else(too_long)?;
        if tag == tag::NEGATIVE_BIGNUM {
            decrement(&mut bytes);
        }
        encoded(
            self.out
                .tag(Tag::new(tag))
                .and_then(|out| out.bytes(&bytes)),
        )
    }
}

/// Takes one from a number that is not zero.
fn decrement(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().rev() {
        let (less, borrow) = byte.overflowing_sub(1);
        *byte = less;
        if !borrow {
            return;
        }
    }
}

/// A decimal text as an exponent and the text of a mantissa.
fn decimal_fraction(text: &str) -> Option<(i64, BigInteger)> {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().ok()?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mantissa = [whole, fraction].concat().parse().ok()?;
    let places = i64::try_from(fraction.len()).ok()?;
    Some((exponent.checked_sub(places)?, mantissa))
}

impl ShapeWriter for CborWriter {
    fn null(&mut self, member: &'static Member) -> Result<(), WriteError> {
        match self.place {
            Place::Structure => Ok(()),
            Place::Entry | Place::List(_) => encoded(self.begin(member)?.null()),
        }
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), WriteError> {
        encoded(self.begin(member)?.bool(value))
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), WriteError> {
        encoded(self.begin(member)?.i64(value))
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), WriteError> {
        encoded(self.begin(member)?.f32(value))
    }

    /// In half the bytes where nothing is lost.
    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), WriteError> {
        let short = value as f32;
        let out = self.begin(member)?;
        encoded(if f64::from(short) == value {
            out.f32(short)
        } else {
            out.f64(value)
        })
    }

    fn big_integer(
        &mut self,
        member: &'static Member,
        value: &BigInteger,
    ) -> Result<(), WriteError> {
        let place = self.place;
        self.begin(member)?;
        self.nest(place, place, member, |writer| {
            writer.write_bignum(value.as_str())
        })
    }

    fn big_decimal(
        &mut self,
        member: &'static Member,
        value: &BigDecimal,
    ) -> Result<(), WriteError> {
        let place = self.place;
        self.begin(member)?;
        self.nest(place, place, member, |writer| {
            let Some((exponent, mantissa)) = decimal_fraction(value.as_str()) else {
                return Err(WriteError::new("a number of too many digits"));
            };
            let head = writer.out.tag(Tag::new(tag::DECIMAL_FRACTION));
            encoded(head.and_then(|out| out.array(2)?.i64(exponent)))?;
            match mantissa.to_i128().map(i64::try_from) {
                Some(Ok(mantissa)) => encoded(writer.out.i64(mantissa)),
                _ => writer.write_bignum(mantissa.as_str()),
            }
        })
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        encoded(self.begin(member)?.str(value))
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), WriteError> {
        encoded(self.begin(member)?.bytes(value))
    }

    /// In seconds, to the millisecond; `timestampFormat` has no say.
    ///
    /// Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol", "Timestamp type serialization".
    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), WriteError> {
        let duration: SignedDuration = value.as_duration();
        let millis = duration.as_millis();
        let out = self.begin(member)?;
        let head = out.tag(Tag::new(tag::EPOCH));
        encoded(head.and_then(|out| match millis % 1000 {
            0 => out.i64(duration.as_secs()),
            // A double holds every millisecond of the years that a timestamp can name.
            _ => out.f64(millis as f64 / 1000.0),
        }))
    }

    /// Source: as above, "Shape serialization".
    fn document(&mut self, member: &'static Member, _: &Document) -> Result<(), WriteError> {
        let error = WriteError::new("the protocol rpcv2Cbor has no form for documents");
        Err(error.under(member.name))
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn Structure,
    ) -> Result<(), WriteError> {
        let place = self.place;
        encoded(self.begin(member)?.begin_map())?;
        self.nest(place, Place::Structure, member, |writer| {
            value.write(writer)
        })?;
        encoded(self.out.end())
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Result<(), WriteError> {
        let Some(item) = member.target.members.first() else {
            return Err(WriteError::new("the schema of a list has no member"));
        };
        let place = self.place;
        encoded(self.begin(member)?.array(length(value.len())))?;
        self.nest(place, Place::List(0), member, |writer| {
            value.write_items(item, writer)
        })
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Result<(), WriteError> {
        let [key, item] = member.target.members else {
            return Err(WriteError::new("the schema of a map lacks its members"));
        };
        let place = self.place;
        encoded(self.begin(member)?.map(length(value.len())))?;
        self.nest(place, Place::Entry, member, |writer| {
            value.write_entries(key, item, writer)
        })
    }

    fn key(&mut self, _: &'static Member, value: &str) -> Result<(), WriteError> {
        encoded(self.out.str(value))
    }
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
