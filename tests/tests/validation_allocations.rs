//! Validating an input that passes allocates nothing.
//!
//! Alone in its file, since the count is of the whole process.

use generated_client::codecatalyst::operation::{
    CreateAccessTokenInput, DeleteAccessTokenInput, ListAccessTokensInput,
};
use generated_client::route53globalresolver::operation as resolver;
use tinsmith_runtime::timestamp::Timestamp;
use tinsmith_runtime::validate::{Validate, ValidationError};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// The allocations that validating `input` takes, and what comes of it.
fn allocations(input: &impl Validate) -> (u64, Result<(), ValidationError>) {
    let before = dhat::HeapStats::get().total_blocks;
    let result = input.validate();
    (dhat::HeapStats::get().total_blocks - before, result)
}

#[test]
fn an_input_that_passes_allocates_nothing() {
    let _profiler = dhat::Profiler::builder().testing().build();
    let text = |text: &str| Some(text.to_owned());
    let create = CreateAccessTokenInput {
        name: text("ci"),
        expires_time: Some(Timestamp::default()),
    };
    let delete = DeleteAccessTokenInput {
        id: text("a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb"),
    };
    let list = ListAccessTokensInput {
        max_results: Some(10),
        next_token: text("the next page"),
    };
    let tagged = resolver::CreateAccessTokenInput {
        client_token: text("2f1d6c0a-9c1e-4c55-8a3e-2b7f6f0c9d11"),
        dns_view_id: text("dnsv-0f9e8d7c6b5a43210"),
        expires_at: Some(Timestamp::default()),
        name: text("branch-office"),
        tags: Some([("équipe".to_owned(), "réseau".to_owned())].into()),
    };
    assert_eq!(allocations(&create), (0, Ok(())));
    assert_eq!(allocations(&delete), (0, Ok(())));
    assert_eq!(allocations(&list), (0, Ok(())));
    assert_eq!(allocations(&tagged), (0, Ok(())));

    // The count does count: a violation is told of in allocated text.
    let (count, refused) = allocations(&DeleteAccessTokenInput::default());
    assert!(count > 0 && refused.is_err());
}
