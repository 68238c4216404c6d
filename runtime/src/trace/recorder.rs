//! What is traced, kept for tests.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// A span as it was when it was closed, or is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) name: &'static str,
    /// The place of the span it was made in.
    pub(crate) parent: Option<usize>,
    pub(crate) fields: BTreeMap<&'static str, String>,
    /// How many hold it; nobody, once it is closed.
    pub(crate) holders: usize,
}

impl Recorded {
    pub(crate) fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }
}

impl Visit for Recorded {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }
}

#[derive(Default)]
struct State {
    spans: Vec<Recorded>,
    entered: Vec<usize>,
    /// Everything that was said, in events and in spans.
    text: String,
}

/// Keeps the spans of the thread that it listens to.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<State>>);

impl Recorder {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

fn place(id: &Id) -> usize {
    usize::try_from(id.into_u64()).unwrap() - 1
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tinsmith_runtime")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut state = self.state();
        let mut span = Recorded {
            name: attributes.metadata().name(),
            parent: state.entered.last().copied(),
            holders: 1,
            ..Recorded::default()
        };
        attributes.record(&mut span);
        state.spans.push(span);
        Id::from_u64(state.spans.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        values.record(&mut self.state().spans[place(id)]);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Recorded::default();
        event.record(&mut fields);
        self.state()
            .text
            .push_str(&format!("{:?}\n", fields.fields));
    }

    fn enter(&self, id: &Id) {
        self.state().entered.push(place(id));
    }

    fn exit(&self, _: &Id) {
        self.state().entered.pop();
    }

    fn clone_span(&self, id: &Id) -> Id {
        self.state().spans[place(id)].holders += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let span = &mut self.state().spans[place(&id)];
        span.holders -= 1;
        span.holders == 0
    }
}

/// What `speak` comes to, the spans that were made meanwhile on this thread, and all that was said in
/// spans and events.
pub(crate) fn listen<T>(speak: impl FnOnce() -> T) -> (T, Vec<Recorded>, String) {
    let recorder = Recorder::default();
    let spoken = tracing::subscriber::with_default(recorder.clone(), speak);
    let state = recorder.state();
    let text = format!("{}{:?}", state.text, state.spans);
    (spoken, state.spans.clone(), text)
}
