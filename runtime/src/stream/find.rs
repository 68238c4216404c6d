//! The one streaming member of an input or output.

use super::{IncomingStream, OutgoingStream, StreamContext};
use crate::body::Body;
use crate::schema::Member;
use crate::shape::{
    BigDecimal, BigInteger, Blob, Document, ListItems, ListSink, MapEntries, MapSink, ReadError,
    ShapeReader, ShapeWriter, Structure, WriteError,
};
use crate::timestamp::Timestamp;

/// The body that the stream of `input` is sent as; `None` where the caller has set no stream, and an
/// inner `None` where it is spent.
pub(crate) fn open(input: &dyn Structure, context: &StreamContext) -> Option<Option<Body>> {
    find(input, |stream| stream.open(context))
}

/// Whether `input` holds a stream that cannot be sent again.
pub(crate) fn is_spent(input: &dyn Structure) -> bool {
    find(input, |stream| stream.is_spent()).unwrap_or(false)
}

fn find<T>(input: &dyn Structure, visit: impl Fn(&dyn OutgoingStream) -> T) -> Option<T> {
    let mut found = None;
    let mut finder = Finder(&mut |stream| found = Some(visit(stream)));
    // Looking on cannot fail: only a union that nobody knows would, and an input is none.
    let _ = input.write(&mut finder);
    found
}

struct Finder<'a>(&'a mut dyn FnMut(&dyn OutgoingStream));

macro_rules! pass_over {
    ($($method:ident($($type:ty)?);)*) => {$(
        fn $method(&mut self, _: &'static Member $(, _: $type)?) -> Result<(), WriteError> {
            Ok(())
        }
    )*};
}

impl ShapeWriter for Finder<'_> {
    fn stream(
        &mut self,
        _: &'static Member,
        stream: &dyn OutgoingStream,
    ) -> Result<(), WriteError> {
        (self.0)(stream);
        Ok(())
    }

    pass_over! {
        null();
        boolean(bool);
        integer(i64);
        float(f32);
        double(f64);
        big_integer(&BigInteger);
        big_decimal(&BigDecimal);
        string(&str);
        blob(&[u8]);
        timestamp(Timestamp);
        document(&Document);
        structure(&dyn Structure);
        list(&dyn ListItems);
        map(&dyn MapEntries);
        key(&str);
    }
}

/// A source of one stream, for the member that holds it.
pub(crate) struct StreamReader(pub(crate) Option<IncomingStream>);

fn no_stream<T>() -> Result<T, ReadError> {
    Err(ReadError::new(
        "a stream stands for streaming members alone",
    ))
}

macro_rules! not_a_stream {
    ($($method:ident: $type:ty;)*) => {$(
        fn $method(&mut self, _: &'static Member) -> Result<Option<$type>, ReadError> {
            no_stream()
        }
    )*};
}

impl ShapeReader for StreamReader {
    fn stream(&mut self, _: &'static Member) -> Result<Option<IncomingStream>, ReadError> {
        Ok(self.0.take())
    }

    not_a_stream! {
        boolean: bool;
        integer: i64;
        float: f32;
        double: f64;
        big_integer: BigInteger;
        big_decimal: BigDecimal;
        string: String;
        blob: Blob;
        timestamp: Timestamp;
        document: Document;
    }

    fn structure(&mut self, _: &'static Member, _: &mut dyn Structure) -> Result<bool, ReadError> {
        no_stream()
    }

    fn list(&mut self, _: &'static Member, _: &mut dyn ListSink) -> Result<bool, ReadError> {
        no_stream()
    }

    fn map(&mut self, _: &'static Member, _: &mut dyn MapSink) -> Result<bool, ReadError> {
        no_stream()
    }
}
