//! Values of which nothing may be told.

use crate::data::{Data, Fields};
use crate::plan::{Chance, Kind, Plan, Slot};

/// What every sensitive text is made of, and no other.
pub(crate) const SECRET: char = '§';

/// Makes some of the shapes of a plan sensitive.
pub(crate) fn make_sensitive(plan: &mut Plan, chance: &mut Chance) {
    plan.sensitive = chance.below(3) == 0;
    for slot in &mut plan.slots {
        make_sensitive(&mut slot.plan, chance);
    }
}

/// The same members with every sensitive text made of [`SECRET`].
pub(crate) fn conceal(plan: &Plan, fields: &Fields, sensitive: bool) -> Fields {
    let concealed = fields.0.iter().flatten().map(|(member, value)| {
        let index: usize = member.name.strip_prefix('m').unwrap().parse().unwrap();
        (*member, conceal_value(&plan.slots[index], value, sensitive))
    });
    Fields(Some(concealed.collect()))
}

fn conceal_value(slot: &Slot, value: &Data, sensitive: bool) -> Data {
    let plan = &slot.plan;
    let sensitive = sensitive || plan.sensitive;
    match (value, plan.kind) {
        (Data::String(text), _) if sensitive => Data::String(secret(text.chars().count())),
        (Data::List(items), _) => Data::List(
            items
                .iter()
                .map(|item| conceal_value(&plan.slots[0], item, sensitive))
                .collect(),
        ),
        (Data::Map(entries), Kind::Map) => {
            let hidden_keys = sensitive || plan.slots[0].plan.sensitive;
            let entries = entries.iter().enumerate().map(|(index, (key, item))| {
                let key = if hidden_keys {
                    secret(index)
                } else {
                    key.clone()
                };
                (key, conceal_value(&plan.slots[1], item, sensitive))
            });
            Data::Map(entries.collect())
        }
        (Data::Structure(fields), _) => Data::Structure(conceal(plan, fields, sensitive)),
        (value, _) => value.clone(),
    }
}

fn secret(length: usize) -> String {
    SECRET.to_string().repeat(length)
}
