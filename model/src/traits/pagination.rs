//! `smithy.api#paginated`. Source: Smithy 2.0, "Behavior traits", "paginated trait".

use crate::model::{Member, Model, Shape, Traits};

/// The trait's value as written; what an operation leaves out, its service may say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paginated<'a> {
    /// Input member that continues.
    pub input_token: Option<&'a str>,
    /// Path to the output member that continues, members separated by dots.
    pub output_token: Option<&'a str>,
    /// Path to the output member that holds what is paged through.
    pub items: Option<&'a str>,
    /// Input member that limits a page.
    pub page_size: Option<&'a str>,
}

/// How an operation is paged through, its service's say merged in.
#[derive(Clone, Debug)]
pub struct Pagination<'m, 's> {
    /// The input member that takes the token.
    pub input_token: &'m Member<'s>,
    /// The output members on the way to the token, it being the last.
    pub output_token: Vec<&'m Member<'s>>,
    /// The output members on the way to the items, which are the last; empty where none are named.
    pub items: Vec<&'m Member<'s>>,
    /// The input member that limits a page.
    pub page_size: Option<&'m Member<'s>>,
}

impl Traits<'_> {
    /// `smithy.api#paginated`.
    #[must_use]
    pub fn paginated(&self) -> Option<Paginated<'_>> {
        let node = self.get("smithy.api#paginated")?;
        Some(Paginated {
            input_token: node.get_str("inputToken"),
            output_token: node.get_str("outputToken"),
            items: node.get_str("items"),
            page_size: node.get_str("pageSize"),
        })
    }
}

impl<'a> Paginated<'a> {
    /// The value of an operation over that of its service.
    #[must_use]
    pub fn or(self, service: Option<Paginated<'a>>) -> Self {
        let service = service.unwrap_or_default();
        Self {
            input_token: self.input_token.or(service.input_token),
            output_token: self.output_token.or(service.output_token),
            items: self.items.or(service.items),
            page_size: self.page_size.or(service.page_size),
        }
    }
}

impl<'s> Model<'s> {
    /// How `operation` is paged through; `None` where it is not, or not as Smithy says.
    #[must_use]
    pub fn pagination<'m>(
        &'m self,
        service: &Shape<'s>,
        operation: &Shape<'s>,
    ) -> Option<Pagination<'m, 's>> {
        let own = operation.traits.paginated()?;
        let paginated = own.or(service.traits.paginated());
        let bound = operation.as_operation()?;
        let input = self.shape(&bound.input)?;
        let output = self.shape(&bound.output)?;
        let items = paginated
            .items
            .and_then(|path| self.member_path(output, path));
        Some(Pagination {
            input_token: input.member(paginated.input_token?)?,
            output_token: self.member_path(output, paginated.output_token?)?,
            items: items.unwrap_or_default(),
            page_size: paginated.page_size.and_then(|name| input.member(name)),
        })
    }

    /// The members named by `path`, separated by dots, from `shape` on; `None` where one is not there.
    #[must_use]
    pub fn member_path<'m>(
        &'m self,
        shape: &'m Shape<'s>,
        path: &str,
    ) -> Option<Vec<&'m Member<'s>>> {
        let mut members: Vec<&Member<'s>> = Vec::new();
        for name in path.split('.') {
            let container = match members.last() {
                Some(member) => self.target(member)?,
                None => shape,
            };
            members.push(container.member(name)?);
        }
        Some(members)
    }
}
