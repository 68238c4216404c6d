//! Programs without an async runtime: these tests have none of their own.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use generated_client::codecatalyst::{Error, ServiceError};
use tests::clients;
use tests::token_service::{Options, TokenService};

/// A service with a thread of its own, which ends with the test's process.
fn start() -> TokenService {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let service = TokenService::start(Options::default()).await.unwrap();
            sender.send(service).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().unwrap()
}

/// Protects synchronous programs: the life of a token, in plain function calls.
#[test]
fn tokens_are_managed_without_a_runtime() {
    let service = start();
    let client = clients::code_catalyst(&service).unwrap();
    let made = client.create_access_token().name("ci").send_blocking();
    let made = made.unwrap();
    assert_eq!(made.name, "ci");
    let listed = client.list_access_tokens().send_blocking().unwrap();
    assert_eq!(listed.items.len(), 1);
    let delete = client.delete_access_token().id(&made.access_token_id);
    delete.clone().send_blocking().unwrap();
    let error = delete.send_blocking().unwrap_err();
    assert!(matches!(
        error,
        Error::Service(ServiceError::ResourceNotFound(_))
    ));
    let invalid = client.create_access_token().name("").send_blocking();
    assert!(matches!(invalid, Err(Error::Validation(_))));
    assert_eq!(service.requests().len(), 4);
}

/// Protects listings of synchronous programs: page after page, and item after item, by `for` alone.
#[test]
fn pages_are_walked_without_a_runtime() {
    let service = start();
    let client = clients::code_catalyst(&service).unwrap();
    for name in ["a", "b", "c"] {
        let made = client.create_access_token().name(name).send_blocking();
        made.unwrap();
    }
    let list = client.list_access_tokens().max_results(2);
    let mut sizes = Vec::new();
    for page in list.clone().pages().into_iter_blocking() {
        sizes.push(page.unwrap().items.len());
    }
    assert_eq!(sizes, [2, 1]);
    let items = list.items().into_iter_blocking();
    let names: Result<Vec<_>, _> = items.map(|item| item.map(|token| token.name)).collect();
    assert_eq!(names.unwrap(), ["a", "b", "c"]);
    assert_eq!(service.requests().len(), 3 + 2 + 2);
}
