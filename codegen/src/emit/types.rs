//! `types.rs`: the structures, unions and enums that are not an operation's own.

use proc_macro2::TokenStream;

use super::ty::Place;
use super::{enums, structures, unions};
use crate::ir::Service;

/// Whether the service has such types.
pub(crate) fn has_any(service: &Service) -> bool {
    !(service.structures.is_empty() && service.unions.is_empty() && service.enums.is_empty())
}

/// The types of a service.
pub(crate) fn generate(service: &Service) -> TokenStream {
    let structures = service
        .structures
        .iter()
        .map(|shape| structures::generate(shape, Place::Types));
    let unions = service.unions.iter().map(unions::generate);
    let enums = service.enums.iter().map(enums::generate);
    structures.chain(unions).chain(enums).collect()
}
