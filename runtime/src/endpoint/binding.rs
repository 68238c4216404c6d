//! Parameters that an operation and its input give a value to.
//!
//! Generated code says in static data where a parameter comes from; the value is taken from the input
//! by one more visitor over its shapes, so that no code is emitted for it.

use super::params::{EndpointParams, ParamValue};
use crate::schema::Member;
use crate::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
};
use crate::timestamp::Timestamp;

/// A parameter of the rule set that an operation gives a value to.
///
/// Source: Smithy 2.0, `smithy.rules#staticContextParams`, `smithy.rules#contextParam` and
/// `smithy.rules#operationContextParams`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointBinding {
    /// The parameter's name in the rule set.
    pub param: &'static str,
    /// Where its value comes from.
    pub source: ParamSource,
}

/// Where the value of a bound parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamSource {
    /// The same for every call.
    Fixed(FixedParam),
    /// The string or boolean at this place of the input.
    Input(&'static [PathStep]),
    /// The strings at these places of the input.
    InputList(&'static [PathStep]),
}

/// A value that does not depend on the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)] // Each variant is the parameter type of the same name.
pub enum FixedParam {
    String(&'static str),
    Boolean(bool),
    Strings(&'static [&'static str]),
}

/// A step from a value into its parts: the subset of JMESPath that
/// `smithy.rules#operationContextParams` allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathStep {
    /// The member of this name.
    Member(&'static str),
    /// Every item of a list, or every value of a map.
    Each,
    /// The keys of a map.
    Keys,
    /// What each of these paths leads to, one after the other. The last step of its path.
    All(&'static [&'static [PathStep]]),
}

impl EndpointBinding {
    /// A binding of the parameter to a source.
    #[must_use]
    pub const fn new(param: &'static str, source: ParamSource) -> Self {
        Self { param, source }
    }

    /// The name and the text of the member of the input that the parameter is
    /// (`smithy.rules#contextParam`), where it is one.
    pub(crate) fn text_of_member(&self, input: &dyn Structure) -> Option<(&'static str, String)> {
        let ParamSource::Input(path @ &[PathStep::Member(name)]) = self.source else {
            return None;
        };
        match Selection::of(path, input).into_one()? {
            ParamValue::String(text) => Some((name, text.into_owned())),
            _ => None,
        }
    }
}

impl EndpointParams<'_> {
    /// Gives values to the parameters that the operation binds, over those that the client set: what
    /// comes from the operation is more specific. A place of the input without a value leaves its
    /// parameter as it is. Of two bindings of a parameter the first counts.
    ///
    /// Source: Smithy 2.0, "Binding parameter values".
    pub fn bind(&mut self, bindings: &[EndpointBinding], input: &dyn Structure) {
        let bound = bindings.iter().filter_map(|binding| {
            let value = match binding.source {
                ParamSource::Fixed(value) => Some(value.into()),
                ParamSource::Input(path) => Selection::of(path, input).into_one(),
                ParamSource::InputList(path) => Selection::of(path, input).into_strings(),
            };
            Some((binding.param, value?))
        });
        self.set_first(bound);
    }
}

impl From<FixedParam> for ParamValue<'_> {
    fn from(value: FixedParam) -> Self {
        match value {
            FixedParam::String(text) => text.into(),
            FixedParam::Boolean(value) => value.into(),
            FixedParam::Strings(items) => items.iter().copied().collect(),
        }
    }
}

/// The visitor that follows a path and keeps what is at its end.
#[derive(Default)]
struct Selection {
    /// The steps left for the values that are written next.
    path: &'static [PathStep],
    /// Whether those values are items of a collection and no longer members to choose from.
    in_collection: bool,
    /// Whether a collection was there at all, if only an empty one.
    saw_collection: bool,
    found: Vec<ParamValue<'static>>,
}

impl Selection {
    fn of(path: &'static [PathStep], input: &dyn Structure) -> Self {
        let mut selection = Self::default();
        // A union that refuses to be written has nothing to select; sending it reports why.
        let _ = selection.descend(path, input);
        selection
    }

    fn into_one(self) -> Option<ParamValue<'static>> {
        self.found.into_iter().next()
    }

    fn into_strings(self) -> Option<ParamValue<'static>> {
        let strings: Vec<_> = self
            .found
            .into_iter()
            .filter_map(|value| match value {
                ParamValue::String(text) => Some(text),
                _ => None,
            })
            .collect();
        (self.saw_collection || !strings.is_empty()).then_some(ParamValue::Strings(strings))
    }

    /// Follows `path` from the members of `value`.
    fn descend(
        &mut self,
        path: &'static [PathStep],
        value: &dyn Structure,
    ) -> Result<(), WriteError> {
        if let Some(PathStep::All(paths)) = path.first() {
            return paths.iter().try_for_each(|path| self.descend(path, value));
        }
        self.within(path, false, |this| value.write(this))
    }

    /// Runs `visit` with these steps left, and takes back the steps of now afterwards.
    fn within(
        &mut self,
        path: &'static [PathStep],
        in_collection: bool,
        visit: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let outer = (self.path, self.in_collection);
        (self.path, self.in_collection) = (path, in_collection);
        let result = visit(self);
        (self.path, self.in_collection) = outer;
        result
    }

    /// The steps left inside the value of `member`, if the path leads there.
    fn steps_into(&self, member: &Member) -> Option<&'static [PathStep]> {
        if self.in_collection {
            return Some(self.path);
        }
        match self.path.split_first()? {
            (PathStep::Member(name), rest) if *name == member.name => Some(rest),
            _ => None,
        }
    }

    /// Keeps the value of `member`, if the path ends there.
    fn keep<T: Into<ParamValue<'static>>>(&mut self, member: &Member, value: impl Fn() -> T) {
        if self.steps_into(member).is_some_and(<[_]>::is_empty) {
            self.found.push(value().into());
        }
    }
}

impl ShapeWriter for Selection {
    fn null(&mut self, _: &'static Member) -> Result<(), WriteError> {
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), WriteError> {
        self.keep(member, || value);
        Ok(())
    }

    fn integer(&mut self, _: &'static Member, _: i64) -> Result<(), WriteError> {
        Ok(())
    }

    fn float(&mut self, _: &'static Member, _: f32) -> Result<(), WriteError> {
        Ok(())
    }

    fn double(&mut self, _: &'static Member, _: f64) -> Result<(), WriteError> {
        Ok(())
    }

    fn big_integer(&mut self, _: &'static Member, _: &BigInteger) -> Result<(), WriteError> {
        Ok(())
    }

    fn big_decimal(&mut self, _: &'static Member, _: &BigDecimal) -> Result<(), WriteError> {
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        self.keep(member, || value.to_owned());
        Ok(())
    }

    fn blob(&mut self, _: &'static Member, _: &[u8]) -> Result<(), WriteError> {
        Ok(())
    }

    fn timestamp(&mut self, _: &'static Member, _: Timestamp) -> Result<(), WriteError> {
        Ok(())
    }

    fn document(&mut self, _: &'static Member, _: &Document) -> Result<(), WriteError> {
        Ok(())
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn Structure,
    ) -> Result<(), WriteError> {
        match self.steps_into(member) {
            Some(path) => self.descend(path, value),
            None => Ok(()),
        }
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Result<(), WriteError> {
        let Some(path) = self.steps_into(member) else {
            return Ok(());
        };
        // A path that ends at a list stands for its items.
        let path = match path.split_first() {
            Some((PathStep::Each, rest)) => rest,
            _ => path,
        };
        self.saw_collection = true;
        match member.target.members {
            [item] => self.within(path, true, |this| value.write_items(item, this)),
            _ => Ok(()),
        }
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Result<(), WriteError> {
        let path = match self.steps_into(member) {
            Some([PathStep::Each, rest @ ..]) => rest,
            // The step stays: `key` looks for it, and no value answers to it.
            Some(keys @ [PathStep::Keys]) => keys,
            _ => return Ok(()),
        };
        self.saw_collection = true;
        match member.target.members {
            [key, item] => self.within(path, true, |this| value.write_entries(key, item, this)),
            _ => Ok(()),
        }
    }

    fn key(&mut self, _: &'static Member, value: &str) -> Result<(), WriteError> {
        if let [PathStep::Keys] = self.path {
            self.found.push(value.to_owned().into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, prelude};
    use crate::shape::ShapeReader;

    static KEYS: Schema = Schema::list("test#Keys", &KEYS_MEMBERS);
    static KEYS_MEMBERS: [Member; 1] = [Member::new("member", &prelude::STRING)];
    static ITEM_MEMBERS: [Member; 2] = [
        Member::new("key", &prelude::STRING),
        Member::new("other", &prelude::STRING),
    ];
    static ITEM: Schema = Schema::structure("test#Item", &ITEM_MEMBERS);
    static ITEMS: Schema = Schema::list("test#Items", &ITEMS_MEMBERS);
    static ITEMS_MEMBERS: [Member; 1] = [Member::new("member", &ITEM)];
    static MAP: Schema = Schema::map("test#Map", &MAP_MEMBERS);
    static MAP_MEMBERS: [Member; 2] = [
        Member::new("key", &prelude::STRING),
        Member::new("value", &prelude::STRING),
    ];
    static INPUT_MEMBERS: [Member; 5] = [
        Member::new("bucket", &prelude::STRING),
        Member::new("flag", &prelude::BOOLEAN),
        Member::new("keys", &KEYS),
        Member::new("items", &ITEMS),
        Member::new("map", &MAP),
    ];

    /// Written by hand against the visitor alone, as generated code is.
    #[derive(Default)]
    struct Input {
        bucket: Option<&'static str>,
        keys: Option<Vec<&'static str>>,
    }

    struct Item(&'static str, &'static str);
    struct Items;
    struct Map;
    struct Strings<'a>(&'a [&'static str]);

    impl Structure for Input {
        fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
            match self.bucket {
                Some(bucket) => writer.string(&INPUT_MEMBERS[0], bucket)?,
                None => writer.null(&INPUT_MEMBERS[0])?,
            }
            writer.boolean(&INPUT_MEMBERS[1], true)?;
            match &self.keys {
                Some(keys) => writer.list(&INPUT_MEMBERS[2], &Strings(keys))?,
                None => writer.null(&INPUT_MEMBERS[2])?,
            }
            writer.list(&INPUT_MEMBERS[3], &Items)?;
            writer.map(&INPUT_MEMBERS[4], &Map)
        }

        fn read(
            &mut self,
            _: usize,
            _: &mut dyn ShapeReader,
        ) -> Result<bool, crate::shape::ReadError> {
            Ok(false)
        }
    }

    impl Structure for Item {
        fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
            writer.string(&ITEM_MEMBERS[0], self.0)?;
            writer.string(&ITEM_MEMBERS[1], self.1)
        }

        fn read(
            &mut self,
            _: usize,
            _: &mut dyn ShapeReader,
        ) -> Result<bool, crate::shape::ReadError> {
            Ok(false)
        }
    }

    impl ListItems for Strings<'_> {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn write_items(
            &self,
            item: &'static Member,
            writer: &mut dyn ShapeWriter,
        ) -> Result<(), WriteError> {
            self.0.iter().try_for_each(|text| writer.string(item, text))
        }
    }

    impl ListItems for Items {
        fn len(&self) -> usize {
            2
        }

        fn write_items(
            &self,
            item: &'static Member,
            writer: &mut dyn ShapeWriter,
        ) -> Result<(), WriteError> {
            writer.structure(item, &Item("k1", "o1"))?;
            writer.structure(item, &Item("k2", "o2"))
        }
    }

    impl MapEntries for Map {
        fn len(&self) -> usize {
            2
        }

        fn write_entries(
            &self,
            key: &'static Member,
            value: &'static Member,
            writer: &mut dyn ShapeWriter,
        ) -> Result<(), WriteError> {
            writer.key(key, "a")?;
            writer.string(value, "1")?;
            writer.key(key, "b")?;
            writer.string(value, "2")
        }
    }

    use PathStep::{All, Each, Keys, Member as Name};

    fn bound(source: ParamSource, input: &Input) -> EndpointParams<'static> {
        let mut params = EndpointParams::default();
        params.bind(&[EndpointBinding::new("P", source)], input);
        params
    }

    #[test]
    fn members_are_bound_and_absent_ones_are_not() {
        let path = ParamSource::Input(&[Name("bucket")]);
        let input = Input {
            bucket: Some("b"),
            ..Input::default()
        };
        assert_eq!(bound(path, &input).string("P"), Some("b"));
        assert_eq!(bound(path, &Input::default()).string("P"), None);
        let flag = ParamSource::Input(&[Name("flag")]);
        assert_eq!(bound(flag, &input).boolean("P"), Some(true));
    }

    #[test]
    fn an_empty_list_is_a_value_and_an_absent_one_is_not() {
        let path = ParamSource::InputList(&[Name("keys")]);
        let input = Input {
            keys: Some(Vec::new()),
            ..Input::default()
        };
        assert_eq!(bound(path, &input).strings("P"), Some(vec![]));
        assert_eq!(bound(path, &Input::default()).strings("P"), None);
    }

    #[test]
    fn projections_keep_the_order_of_the_input() {
        let input = Input::default();
        let strings = |path| bound(ParamSource::InputList(path), &input);
        assert_eq!(
            strings(&[Name("items"), Each, Name("key")]).strings("P"),
            Some(vec!["k1", "k2"])
        );
        assert_eq!(
            strings(&[
                Name("items"),
                Each,
                All(&[&[Name("other")], &[Name("key")]])
            ])
            .strings("P"),
            Some(vec!["o1", "k1", "o2", "k2"])
        );
        assert_eq!(
            strings(&[Name("map"), Keys]).strings("P"),
            Some(vec!["a", "b"])
        );
        assert_eq!(
            strings(&[Name("map"), Each]).strings("P"),
            Some(vec!["1", "2"])
        );
    }

    #[test]
    fn the_operation_comes_before_the_client() {
        let mut params = EndpointParams::default();
        params.set("P", "of the client");
        params.set("Q", "of the client");
        let path = ParamSource::Input(&[Name("bucket")]);
        let fixed = ParamSource::Fixed(FixedParam::String("fixed"));
        let bindings = [
            EndpointBinding::new("P", fixed),
            EndpointBinding::new("P", path),
        ];
        let input = Input {
            bucket: Some("b"),
            ..Input::default()
        };
        params.bind(&bindings, &input);
        assert_eq!(params.string("P"), Some("fixed"));
        assert_eq!(params.string("Q"), Some("of the client"));
    }

    #[test]
    fn the_same_value_for_every_call() {
        let fixed = ParamSource::Fixed(FixedParam::Strings(&["a"]));
        assert_eq!(
            bound(fixed, &Input::default()).strings("P"),
            Some(vec!["a"])
        );
    }
}
