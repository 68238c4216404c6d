//! What is traced while something happens.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    /// What is traced on this thread, while somebody listens. A test has a thread of its own.
    static HEARD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What `future` gives, and all that is traced meanwhile on this thread, down to TRACE and whoever speaks:
/// names and fields of spans and events.
///
/// # Panics
///
/// In a process that traces to somewhere else.
pub async fn of<F: Future>(future: F) -> (F::Output, String) {
    static LISTEN: Once = Once::new();
    // For all threads at once: `tracing` remembers for the process who is interested in what.
    LISTEN.call_once(|| {
        let listens = tracing::subscriber::set_global_default(Everything);
        assert!(listens.is_ok(), "somebody else listens already");
    });
    HEARD.set(Some(String::new()));
    let output = future.await;
    (output, HEARD.take().unwrap_or_default())
}

struct Everything;

fn hear(name: &str, value: &dyn Debug) {
    HEARD.with_borrow_mut(|heard| {
        if let Some(heard) = heard {
            // Writing to a string does not fail.
            let _ = write!(heard, " {name}={value:?}");
        }
    });
}

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        hear(field.name(), value);
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        hear("\nspan", &span.metadata().name());
        span.record(&mut Self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Self);
    }

    fn event(&self, event: &Event<'_>) {
        hear("\nevent", &event.metadata().target());
        event.record(&mut Self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
