//! The access tokens of both services.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, ToSpan as _};

/// What both services keep, in the order of creation.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) personal: Table<PersonalToken>,
    pub(super) resolver: Table<ResolverToken>,
    /// Requests of CreateAccessToken by their client token, and the tokens they made.
    pub(super) client_tokens: HashMap<String, (String, String)>,
}

/// A token of CodeCatalyst.
#[derive(Clone, Debug)]
pub(super) struct PersonalToken {
    pub(super) name: String,
    pub(super) expires: Timestamp,
}

/// A token of Route 53 Global Resolver.
#[derive(Clone, Debug)]
pub(super) struct ResolverToken {
    pub(super) client_token: Option<String>,
    pub(super) dns_view: String,
    pub(super) name: Option<String>,
    pub(super) value: String,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) expires: Timestamp,
}

/// Rows with an id each.
#[derive(Debug)]
pub(super) struct Table<T> {
    rows: BTreeMap<u64, (String, T)>,
    last: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            last: 0,
        }
    }
}

/// A part of a table, and where the next part begins.
pub(super) struct Page<'a, T> {
    pub(super) rows: Vec<&'a (String, T)>,
    pub(super) next: Option<String>,
}

impl<T> Table<T> {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn insert(&mut self, id: String, row: T) {
        self.last += 1;
        self.rows.insert(self.last, (id, row));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(String, T)> {
        self.rows.values()
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        let mut rows = self.rows.values_mut();
        rows.find_map(|(own, row)| (own == id).then_some(row))
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.iter()
            .find_map(|(own, row)| (own == id).then_some(row))
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<T> {
        let (&number, _) = self.rows.iter().find(|(_, (own, _))| own == id)?;
        self.rows.remove(&number).map(|(_, row)| row)
    }

    /// At most `size` of the rows that `keep` lets through, from the page that `token` names; nothing
    /// where no page has this name.
    pub(super) fn page(
        &self,
        token: Option<&str>,
        size: usize,
        keep: impl Fn(&(String, T)) -> bool,
    ) -> Option<Page<'_, T>> {
        let after = match token {
            None => 0,
            Some(token) => token.strip_prefix("after=")?.parse().ok()?,
        };
        let mut rows = self.rows.range(after + 1..).filter(|(_, row)| keep(row));
        let page: Vec<_> = rows.by_ref().take(size).collect();
        let more = rows.next().is_some();
        let last = page.last().map(|(number, _)| format!("after={number}"));
        Some(Page {
            rows: page.into_iter().map(|(_, row)| row).collect(),
            next: last.filter(|_| more),
        })
    }
}

/// A fresh id in the form of a UUID, 36 characters long.
pub(super) fn uuid() -> String {
    let bits = fastrand::u128(..);
    let hex = format!("{bits:032x}");
    let mut parts = Vec::new();
    let mut rest = hex.as_str();
    for length in [8, 4, 4, 4, 12] {
        let (part, tail) = rest.split_at(length);
        parts.push(part);
        rest = tail;
    }
    parts.join("-")
}

/// A year from `now`.
pub(super) fn in_a_year(now: Timestamp) -> Timestamp {
    now.saturating_add((365 * 24).hours()).unwrap_or(now)
}

/// The format `date-time`, in whole seconds.
pub(super) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
