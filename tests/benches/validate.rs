//! What it costs to validate the input of each token operation, and to refuse one.
//!
//! An input that passes must not allocate; the column of allocations shows it.

use divan::{AllocProfiler, Bencher, black_box};
use generated_client::{codecatalyst, route53globalresolver};
use tinsmith_runtime::timestamp::Timestamp;
use tinsmith_runtime::validate::Validate;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn run(bencher: Bencher<'_, '_>, input: &impl Validate) {
    bencher.bench_local(|| black_box(input).validate());
}

/// The operations of Amazon CodeCatalyst.
#[divan::bench_group(sample_size = 1000)]
mod code_catalyst {
    use super::codecatalyst::operation::{
        CreateAccessTokenInput, DeleteAccessTokenInput, ListAccessTokensInput,
    };
    use super::{Bencher, Timestamp, run};

    #[divan::bench]
    fn create_access_token(bencher: Bencher<'_, '_>) {
        run(
            bencher,
            &CreateAccessTokenInput {
                name: Some("ci".to_owned()),
                expires_time: Some(Timestamp::default()),
            },
        );
    }

    #[divan::bench]
    fn delete_access_token(bencher: Bencher<'_, '_>) {
        run(
            bencher,
            &DeleteAccessTokenInput {
                id: Some("a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb".to_owned()),
            },
        );
    }

    #[divan::bench]
    fn list_access_tokens(bencher: Bencher<'_, '_>) {
        run(
            bencher,
            &ListAccessTokensInput {
                max_results: Some(10),
                next_token: Some("n".repeat(200)),
            },
        );
    }

    /// The only one that allocates: it has a violation to tell of.
    #[divan::bench]
    fn delete_access_token_refused(bencher: Bencher<'_, '_>) {
        run(
            bencher,
            &DeleteAccessTokenInput {
                id: Some("a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbbb".to_owned()),
            },
        );
    }
}

/// The operations of Amazon Route 53 Global Resolver, whose inputs have patterns.
#[divan::bench_group(sample_size = 1000)]
mod route_53_global_resolver {
    use super::route53globalresolver::operation::{
        CreateAccessTokenInput, DeleteAccessTokenInput, GetAccessTokenInput, ListAccessTokensInput,
        UpdateAccessTokenInput,
    };
    use super::{Bencher, Timestamp, run};

    fn id() -> Option<String> {
        Some("atk-0a1b2c3d4e5f67890".to_owned())
    }

    #[divan::bench]
    fn create_access_token(bencher: Bencher<'_, '_>) {
        let tags = ["team", "stage", "owner"].map(|key| (key.to_owned(), "network".to_owned()));
        run(
            bencher,
            &CreateAccessTokenInput {
                client_token: Some("2f1d6c0a-9c1e-4c55-8a3e-2b7f6f0c9d11".to_owned()),
                dns_view_id: id(),
                expires_at: Some(Timestamp::default()),
                name: Some("branch-office".to_owned()),
                tags: Some(tags.into()),
            },
        );
    }

    #[divan::bench]
    fn delete_access_token(bencher: Bencher<'_, '_>) {
        run(
            bencher,
            &DeleteAccessTokenInput {
                access_token_id: id(),
            },
        );
    }

    #[divan::bench]
    fn get_access_token(bencher: Bencher<'_, '_>) {
        run(
            bencher,
            &GetAccessTokenInput {
                access_token_id: id(),
            },
        );
    }

    #[divan::bench]
    fn list_access_tokens(bencher: Bencher<'_, '_>) {
        let filters = [("status".to_owned(), vec!["OPERATIONAL".to_owned()])];
        run(
            bencher,
            &ListAccessTokensInput {
                dns_view_id: id(),
                filters: Some(filters.into()),
                max_results: Some(10),
                ..Default::default()
            },
        );
    }

    #[divan::bench]
    fn update_access_token(bencher: Bencher<'_, '_>) {
        run(
            bencher,
            &UpdateAccessTokenInput {
                access_token_id: id(),
                name: Some("head-office".to_owned()),
            },
        );
    }
}
