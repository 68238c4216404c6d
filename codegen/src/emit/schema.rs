//! `schema.rs`: what the model says of each shape, as static data.

use proc_macro2::TokenStream;
use quote::quote;

use super::ty::number;
use crate::ir::{
    Auth, Binding, Constraint, ErrorFacts, EventBinding, Schema, SchemaKind, SchemaMember,
    SchemaRef, Service, TimestampFormat,
};
use crate::names::{MEMBERS, ident};

/// The statics of a service: its own, then those of its shapes.
pub(crate) fn generate(service: &Service) -> TokenStream {
    let own = service_schema(service);
    let shapes = service.schemas.iter().map(shape);
    quote!(#own #(#shapes)*)
}

fn service_schema(service: &Service) -> TokenStream {
    let Service {
        id,
        version,
        sdk_id,
        ..
    } = service;
    let protocol = ident(service.protocol.static_name());
    let auth = auth(&service.auth);
    let query_compatible = (service.query_compatible).then(|| quote!(.query_compatible()));
    let customized = service.customization.map(|customization| {
        let name = ident(customization.static_name());
        quote!(.customized(&customizations::#name))
    });
    quote! {
        pub(super) static SERVICE: ServiceSchema =
            ServiceSchema::new(#id, #version, #sdk_id, &protocol::#protocol, #auth)
                #query_compatible #customized;
    }
}

/// Ways to authenticate, as a slice.
pub(crate) fn auth(schemes: &[Auth]) -> TokenStream {
    let schemes = schemes.iter().map(|scheme| match scheme {
        Auth::HttpBearer => quote!(AuthScheme::HttpBearer),
        Auth::SigV4 { name } => quote!(AuthScheme::SigV4 { name: #name }),
        Auth::Anonymous => quote!(AuthScheme::Anonymous),
    });
    quote!(&[#(#schemes),*])
}

fn shape(schema: &Schema) -> TokenStream {
    let name = ident(&schema.name);
    let value = constructor(schema);
    let facts = facts(schema);
    let members = members(schema);
    quote! {
        pub(super) static #name: Schema = #value #facts;
        #members
    }
}

fn constructor(schema: &Schema) -> TokenStream {
    let id = &schema.id;
    let function = match schema.kind {
        SchemaKind::Simple(kind) => {
            let kind = ident(kind);
            return quote!(Schema::new(#id, ShapeKind::#kind));
        }
        SchemaKind::List => quote!(list),
        SchemaKind::Map => quote!(map),
        SchemaKind::Structure => quote!(structure),
        SchemaKind::Union => quote!(union),
    };
    let members = if schema.members.is_empty() {
        quote!(&[])
    } else {
        let members = ident(&format!("{}{MEMBERS}", schema.name));
        quote!(&#members)
    };
    quote!(Schema::#function(#id, #members))
}

/// The traits of the shape itself.
fn facts(schema: &Schema) -> TokenStream {
    let mut facts = TokenStream::new();
    if !schema.constraints.is_empty() {
        let constraints = schema.constraints.iter().map(constraint);
        facts.extend(quote!(.constrained(&[#(#constraints),*])));
    }
    if !schema.enum_values.is_empty() {
        let values = &schema.enum_values;
        facts.extend(quote!(.values(&[#(#values),*])));
    }
    if schema.sensitive {
        facts.extend(quote!(.sensitive()));
    }
    if schema.sparse {
        facts.extend(quote!(.sparse()));
    }
    if let Some(error) = &schema.error {
        facts.extend(error_facts(*error));
    }
    if let Some(format) = schema.timestamp_format {
        let format = timestamp_format(format);
        facts.extend(quote!(.timestamp_format(#format)));
    }
    if let Some(media_type) = &schema.media_type {
        facts.extend(quote!(.media_type(#media_type)));
    }
    if schema.streaming {
        facts.extend(quote!(.streaming()));
    }
    if schema.requires_length {
        facts.extend(quote!(.requires_length()));
    }
    facts
}

fn error_facts(error: ErrorFacts) -> TokenStream {
    let fault = if error.server_fault {
        quote!(Fault::Server)
    } else {
        quote!(Fault::Client)
    };
    let status = number(&error.status.to_string());
    let retryable = error
        .retryable
        .map(|throttling| quote!(.retryable(#throttling)));
    quote!(.error(#fault, #status) #retryable)
}

fn members(schema: &Schema) -> TokenStream {
    if schema.members.is_empty() {
        return TokenStream::new();
    }
    let name = ident(&format!("{}{MEMBERS}", schema.name));
    let count = number(&schema.members.len().to_string());
    let members = schema.members.iter().map(member);
    quote!(pub(super) static #name: [Member; #count] = [#(#members),*];)
}

fn member(member: &SchemaMember) -> TokenStream {
    let name = &member.name;
    let target = match &member.target {
        SchemaRef::Prelude(name) => {
            let name = ident(name);
            quote!(prelude::#name)
        }
        SchemaRef::Own(name) => {
            let name = ident(name);
            quote!(#name)
        }
    };
    let facts = member_facts(member);
    quote!(Member::new(#name, &#target) #facts)
}

fn member_facts(member: &SchemaMember) -> TokenStream {
    let mut facts = TokenStream::new();
    if member.required {
        facts.extend(quote!(.required()));
    }
    if !member.constraints.is_empty() {
        let constraints = member.constraints.iter().map(constraint);
        facts.extend(quote!(.constrained(&[#(#constraints),*])));
    }
    if let Some(binding) = binding(&member.binding) {
        facts.extend(quote!(.http(HttpBinding::#binding)));
    }
    if member.host_label {
        facts.extend(quote!(.host_label()));
    }
    if let Some(name) = &member.json_name {
        facts.extend(quote!(.json_name(#name)));
    }
    if let Some(format) = member.timestamp_format {
        let format = timestamp_format(format);
        facts.extend(quote!(.timestamp_format(#format)));
    }
    if member.idempotency_token {
        facts.extend(quote!(.idempotency_token()));
    }
    if member.has_default {
        facts.extend(quote!(.has_default()));
    }
    match member.event {
        EventBinding::Document => {}
        EventBinding::Header => facts.extend(quote!(.event(EventBinding::Header))),
        EventBinding::Payload => facts.extend(quote!(.event(EventBinding::Payload))),
    }
    facts
}

fn binding(binding: &Binding) -> Option<TokenStream> {
    Some(match binding {
        Binding::Body => return None,
        Binding::Label => quote!(Label),
        Binding::Query(name) => quote!(Query(#name)),
        Binding::QueryParams => quote!(QueryParams),
        Binding::Header(name) => quote!(Header(#name)),
        Binding::PrefixHeaders(prefix) => quote!(PrefixHeaders(#prefix)),
        Binding::Payload => quote!(Payload),
        Binding::ResponseCode => quote!(ResponseCode),
    })
}

fn constraint(constraint: &Constraint) -> TokenStream {
    match constraint {
        Constraint::Length { min, max } => {
            let bound = |bound: &Option<u64>| bound.map(|bound| number(&bound.to_string()));
            let (min, max) = (option(bound(min)), option(bound(max)));
            quote!(Constraint::length(#min, #max))
        }
        Constraint::Range { min, max } => {
            let bound = |bound: &Option<String>| bound.as_ref().map(|bound| quote!(#bound));
            let (min, max) = (option(bound(min)), option(bound(max)));
            quote!(Constraint::range(#min, #max))
        }
        Constraint::Pattern(name) => {
            let name = ident(name);
            quote!(Constraint::Pattern(&patterns::#name))
        }
        Constraint::UniqueItems => quote!(Constraint::UniqueItems),
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn timestamp_format(format: TimestampFormat) -> TokenStream {
    match format {
        TimestampFormat::DateTime => quote!(TimestampFormat::DateTime),
        TimestampFormat::HttpDate => quote!(TimestampFormat::HttpDate),
        TimestampFormat::EpochSeconds => quote!(TimestampFormat::EpochSeconds),
    }
}
