//! Shapes with constraints at every place where one can stand, made up by chance, and values for them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tinsmith_runtime::pattern::{CharClasses, Pattern, Repeat, WideRange, wide_ranges};
use tinsmith_runtime::schema::{Constraint, Member, Schema, ShapeKind};

use crate::data::{Data, Fields};

/// A shape: its kind, the constraints on it, and what is inside.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) kind: Kind,
    pub(crate) rules: Rules,
    /// The members; of a list one, of a map the key and the value.
    pub(crate) slots: Vec<Slot>,
    pub(crate) sparse: bool,
    pub(crate) sensitive: bool,
}

/// A member: its shape, and what is on the member itself.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) plan: Plan,
    pub(crate) required: bool,
    pub(crate) overrides: Rules,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Boolean,
    String,
    Blob,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    List,
    Map,
    Structure,
    Union,
}

/// The constraint traits at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rules {
    pub(crate) length: Bounds,
    /// In thousandths.
    pub(crate) range: Bounds,
    /// Whether a text is made of `a`, `b`, `c` and `é` alone, and not empty.
    pub(crate) letters: bool,
    pub(crate) unique: bool,
}

pub(crate) type Bounds = (Option<i64>, Option<i64>);

static LETTERS: Pattern = {
    static E_ACUTE: [WideRange; 1] = wide_ranges("e9");
    let letters = CharClasses::new("a-c").with_wide(&E_ACUTE);
    Pattern::repeat("^[a-cé]+$", Repeat::new(letters, 1, None))
};

impl Slot {
    /// The constraints in force: the member's own, or its target's.
    pub(crate) fn rules(&self) -> Rules {
        if self.overrides == Rules::default() {
            self.plan.rules
        } else {
            self.overrides
        }
    }
}

// ---- making schemas of plans --------------------------------------------------------------------

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

impl Rules {
    fn constraints(&self) -> &'static [Constraint] {
        let mut constraints = Vec::new();
        if self.length != (None, None) {
            let size = |bound: i64| u64::try_from(bound).unwrap();
            let (min, max) = (self.length.0.map(size), self.length.1.map(size));
            constraints.push(Constraint::Length { min, max });
        }
        if self.range != (None, None) {
            let text = |bound: i64| &**leak(thousandths(bound));
            let (min, max) = (self.range.0.map(text), self.range.1.map(text));
            constraints.push(Constraint::Range { min, max });
        }
        if self.letters {
            constraints.push(Constraint::Pattern(&LETTERS));
        }
        if self.unique {
            constraints.push(Constraint::UniqueItems);
        }
        constraints.leak()
    }
}

/// `-1234` as `-1.234`.
pub(crate) fn thousandths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let number = number.unsigned_abs();
    format!("{sign}{}.{:03}", number / 1000, number % 1000)
}

impl Slot {
    /// The member that the runtime knows of.
    pub(crate) fn member(&self, name: &'static str) -> Member {
        let member = Member::new(name, leak(self.plan.schema()));
        let member = member.constrained(self.overrides.constraints());
        if self.required {
            member.required()
        } else {
            member
        }
    }
}

impl Plan {
    fn schema(&self) -> Schema {
        let names: &[_] = match self.kind {
            Kind::List => &["member"],
            Kind::Map => &["key", "value"],
            _ => &["m0", "m1", "m2", "m3"],
        };
        let slots = self.slots.iter().zip(names);
        let members: Vec<_> = slots.map(|(slot, name)| slot.member(name)).collect();
        let members: &'static [Member] = members.leak();
        let simple = |kind| Schema::new("test#Simple", kind);
        let schema = match (self.kind, members) {
            (Kind::Boolean, _) => simple(ShapeKind::Boolean),
            (Kind::String, _) => simple(ShapeKind::String),
            (Kind::Blob, _) => simple(ShapeKind::Blob),
            (Kind::Long, _) => simple(ShapeKind::Long),
            (Kind::Float, _) => simple(ShapeKind::Float),
            (Kind::Double, _) => simple(ShapeKind::Double),
            (Kind::BigInteger, _) => simple(ShapeKind::BigInteger),
            (Kind::BigDecimal, _) => simple(ShapeKind::BigDecimal),
            (Kind::List, _) => Schema::list("test#List", members.first_chunk().unwrap()),
            (Kind::Map, _) => Schema::map("test#Map", members.first_chunk().unwrap()),
            (Kind::Structure, _) => Schema::structure("test#Structure", members),
            (Kind::Union, _) => Schema::union("test#Union", members),
        };
        let schema = schema.constrained(self.rules.constraints());
        let schema = if self.sparse { schema.sparse() } else { schema };
        if self.sensitive {
            schema.sensitive()
        } else {
            schema
        }
    }
}

// ---- making plans -------------------------------------------------------------------------------

fn bounds(least: i64, spread: i64) -> impl Strategy<Value = Bounds> {
    (
        any::<bool>(),
        any::<bool>(),
        least..least + spread,
        0..spread,
    )
        .prop_map(|(min, max, low, width)| (min.then_some(low), max.then_some(low + width)))
}

/// Constraints that a shape of `kind` may have, or none.
fn rules(kind: Kind) -> BoxedStrategy<Rules> {
    let none = Rules::default();
    let some = match kind {
        Kind::String => (bounds(0, 4), any::<bool>())
            .prop_map(move |(length, letters)| Rules {
                length,
                letters,
                ..none
            })
            .boxed(),
        Kind::Blob | Kind::Map => bounds(0, 3)
            .prop_map(move |length| Rules { length, ..none })
            .boxed(),
        Kind::List => (bounds(0, 3), any::<bool>())
            .prop_map(move |(length, unique)| Rules {
                length,
                unique,
                ..none
            })
            .boxed(),
        Kind::Long | Kind::BigInteger => bounds(-5, 8)
            .prop_map(move |(min, max)| Rules {
                range: (min.map(|it| it * 1000), max.map(|it| it * 1000)),
                ..none
            })
            .boxed(),
        Kind::Float | Kind::Double | Kind::BigDecimal => bounds(-4000, 8000)
            .prop_map(move |range| Rules { range, ..none })
            .boxed(),
        Kind::Boolean | Kind::Structure | Kind::Union => Just(none).boxed(),
    };
    prop_oneof![1 => Just(none), 3 => some].boxed()
}

fn slot(plan: impl Strategy<Value = Plan>) -> impl Strategy<Value = Slot> {
    (plan, any::<bool>()).prop_flat_map(|(plan, required)| {
        let overrides = prop_oneof![2 => Just(Rules::default()), 1 => rules(plan.kind)];
        overrides.prop_map(move |overrides| Slot {
            plan: plan.clone(),
            required,
            overrides,
        })
    })
}

fn simple(kind: Kind) -> impl Strategy<Value = Plan> {
    rules(kind).prop_map(move |rules| Plan {
        kind,
        rules,
        slots: Vec::new(),
        sparse: false,
        sensitive: false,
    })
}

fn container(kind: Kind, slots: impl Strategy<Value = Vec<Slot>>) -> impl Strategy<Value = Plan> {
    (slots, rules(kind), any::<bool>()).prop_map(move |(slots, rules, sparse)| Plan {
        kind,
        // A sparse list cannot be one of unique items.
        sparse: sparse && !rules.unique && kind != Kind::Structure,
        sensitive: false,
        rules,
        slots,
    })
}

/// The input of an operation: a structure of anything.
pub(crate) fn input() -> impl Strategy<Value = Plan> {
    use Kind::*;
    const SIMPLES: [Kind; 8] = [
        Boolean, String, Blob, Long, Float, Double, BigInteger, BigDecimal,
    ];
    let leaf = proptest::sample::select(&SIMPLES[..]).prop_flat_map(simple);
    let shape = leaf.prop_recursive(3, 24, 3, |inner| {
        let one = slot(inner);
        let key = slot(simple(String));
        let one = one.boxed();
        prop_oneof![
            container(List, proptest::collection::vec(one.clone(), 1)),
            container(
                Map,
                (key, one.clone()).prop_map(|(key, value)| vec![key, value])
            ),
            container(Structure, proptest::collection::vec(one.clone(), 0..4)),
            container(Union, proptest::collection::vec(one, 1..4)),
        ]
    });
    container(Structure, proptest::collection::vec(slot(shape), 1..4))
}

// ---- making values ------------------------------------------------------------------------------

/// How values are drawn.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Draw {
    /// From inside the constraints.
    Inside,
    /// From inside and from around them.
    Around,
}

/// A source of chance that is the same for the same seed.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `end`, which is not zero.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    /// A number within the bounds; `None` where there is none.
    fn within(&mut self, (min, max): Bounds, spread: i64, draw: Draw) -> Option<i64> {
        let min = min.unwrap_or_else(|| max.map_or(0, |max| max - spread));
        let max = max.unwrap_or(min + spread);
        let (min, max) = match draw {
            Draw::Inside => (min, max),
            Draw::Around => (min - 1, max + 1),
        };
        let width = usize::try_from(max - min + 1).ok().filter(|&it| it > 0)?;
        Some(min + i64::try_from(self.below(width)).unwrap())
    }

    fn size(&mut self, (min, max): Bounds, draw: Draw) -> Option<usize> {
        let size = self.within((Some(min.unwrap_or(0)), max), 3, draw)?;
        Some(usize::try_from(size).unwrap_or(0))
    }

    fn text(&mut self, rules: Rules, draw: Draw) -> Option<String> {
        let (mut length, mut alphabet) = (rules.length, "abcé/~👍");
        if draw == Draw::Inside && rules.letters {
            length.0 = Some(length.0.unwrap_or(0).max(1));
            alphabet = "abcé";
        }
        let alphabet: Vec<_> = alphabet.chars().collect();
        let letters = (0..self.size(length, draw)?).map(|_| alphabet[self.below(alphabet.len())]);
        Some(letters.collect())
    }
}

impl Slot {
    /// A value for the member, or none; `None` where no value meets the constraints.
    pub(crate) fn draw(
        &self,
        schema: &'static Member,
        chance: &mut Chance,
        draw: Draw,
    ) -> Option<Data> {
        let rules = self.rules();
        Some(match self.plan.kind {
            Kind::Boolean => Data::Boolean(chance.below(2) == 1),
            Kind::String => Data::String(chance.text(rules, draw)?),
            Kind::Blob => Data::Blob(vec![7; chance.size(rules.length, draw)?]),
            Kind::List => self.draw_list(schema, chance, draw)?,
            Kind::Map => self.draw_map(schema, chance, draw)?,
            Kind::Structure | Kind::Union => {
                Data::Structure(self.plan.draw_fields(schema.target.members, chance, draw)?)
            }
            number => draw_number(number, rules, chance, draw)?,
        })
    }

    fn draw_list(&self, schema: &'static Member, chance: &mut Chance, draw: Draw) -> Option<Data> {
        let rules = self.rules();
        let item = &schema.target.members[0];
        let mut items: Vec<Data> = Vec::new();
        let size = chance.size(rules.length, draw)?;
        // A few attempts for each item that must differ from the others.
        for _ in 0..10 * size {
            if items.len() == size {
                break;
            }
            let value = if self.may_be_null(chance, draw) {
                Data::Null
            } else {
                self.plan.slots[0].draw(item, chance, draw)?
            };
            let again = items
                .iter()
                .any(|other| crate::checker::is_same(other, &value));
            if !(draw == Draw::Inside && rules.unique && again) {
                items.push(value);
            }
        }
        (items.len() == size).then_some(Data::List(items))
    }

    fn draw_map(&self, schema: &'static Member, chance: &mut Chance, draw: Draw) -> Option<Data> {
        let value = &schema.target.members[1];
        let mut entries = BTreeMap::new();
        let size = chance.size(self.rules().length, draw)?;
        for _ in 0..10 * size {
            if entries.len() == size {
                break;
            }
            let name = chance.text(self.plan.slots[0].rules(), draw)?;
            let data = if self.may_be_null(chance, draw) {
                Data::Null
            } else {
                self.plan.slots[1].draw(value, chance, draw)?
            };
            entries.insert(name, data);
        }
        (entries.len() == size).then_some(Data::Map(entries))
    }

    fn may_be_null(&self, chance: &mut Chance, draw: Draw) -> bool {
        (self.plan.sparse || draw == Draw::Around) && chance.below(8) == 0
    }
}

fn draw_number(kind: Kind, rules: Rules, chance: &mut Chance, draw: Draw) -> Option<Data> {
    if matches!(kind, Kind::Long | Kind::BigInteger) {
        let (min, max) = rules.range;
        let whole = (min.map(|it| it / 1000), max.map(|it| it / 1000));
        let number = chance.within(whole, 5, draw)?;
        return Some(match kind {
            Kind::Long => Data::Integer(number),
            _ => Data::BigInteger(number.into()),
        });
    }
    let text = thousandths(chance.within(rules.range, 5000, draw)?);
    Some(match kind {
        Kind::Float => Data::Float(text.parse().unwrap()),
        Kind::Double => Data::Double(text.parse().unwrap()),
        _ => Data::BigDecimal(text.parse().unwrap()),
    })
}

impl Plan {
    /// Values for the members of a structure, or for one of a union.
    pub(crate) fn draw_fields(
        &self,
        members: &'static [Member],
        chance: &mut Chance,
        draw: Draw,
    ) -> Option<Fields> {
        let mut fields = Vec::new();
        if self.kind == Kind::Union {
            let index = chance.below(members.len());
            let value = self.slots[index].draw(&members[index], chance, draw)?;
            return Some(Fields(Some(vec![(&members[index], value)])));
        }
        for (slot, member) in self.slots.iter().zip(members) {
            let may_be_null = draw == Draw::Around || !slot.required;
            let value = if may_be_null && chance.below(4) == 0 {
                Data::Null
            } else {
                slot.draw(member, chance, draw)?
            };
            fields.push((member, value));
        }
        Some(Fields(Some(fields)))
    }
}
