//! All patterns of a model. They are compiled by the generator, which tells by offset what is wrong.

use crate::model::{Member, Model, Shape};
use crate::node::Node;
use crate::source::{Sources, Span};

/// One application of `smithy.api#pattern`.
#[derive(Clone, Copy, Debug)]
pub struct PatternUse<'m, 's> {
    /// The shape, or the one that has the member.
    pub shape: &'m Shape<'s>,
    /// The member, where the trait stands on one.
    pub member: Option<&'m Member<'s>>,
    /// The pattern, unescaped.
    pub text: &'m str,
    /// The trait's value, with its place.
    pub node: &'m Node<'s>,
}

impl<'s> Model<'s> {
    /// Every application of `smithy.api#pattern`, in the order of the files.
    pub fn patterns(&self) -> impl Iterator<Item = PatternUse<'_, 's>> {
        let places = self.shapes.values().flat_map(|shape| {
            let members = shape.members.iter().map(Some);
            [None].into_iter().chain(members).map(move |it| (shape, it))
        });
        places.filter_map(|(shape, member)| {
            let traits = member.map_or(&shape.traits, |member| &member.traits);
            let node = traits.get("smithy.api#pattern")?;
            let text = node.as_str()?;
            Some(PatternUse {
                shape,
                member,
                text,
                node,
            })
        })
    }
}

impl PatternUse<'_, '_> {
    /// The absolute id of the shape or member.
    #[must_use]
    pub fn id(&self) -> String {
        match self.member {
            Some(member) => format!("{}${}", self.shape.id, member.name),
            None => self.shape.id.to_string(),
        }
    }

    /// The place in the file of the character at byte `offset` of [`text`](Self::text), JSON escapes
    /// allowed for.
    #[must_use]
    pub fn place(&self, offset: usize, sources: &Sources) -> Span {
        sources.inside_string(self.node.span, offset)
    }
}
