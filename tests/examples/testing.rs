//! Tests code that calls Amazon CodeCatalyst, without the network and without an async runtime.
//!
//! ```text
//! cargo run -p generated-client --features test-util --example testing
//! cargo test -p generated-client --features test-util --example testing
//! ```

use std::error::Error as StdError;

use generated_client::codecatalyst::operation::{DeleteAccessTokenInput, DeleteAccessTokenOutput};
use generated_client::codecatalyst::{Client, CodeCatalystApi, Error, ServiceError};
use generated_client::runtime::test_util::{TestService, block_on};

/// The code under test: deletes tokens, and counts those that were there. It takes the client by its
/// trait, so that a test may also put something else in its place.
async fn forget(tokens: &dyn CodeCatalystApi, ids: &[&str]) -> Result<usize, Error> {
    let mut deleted = 0;
    for id in ids {
        let input = DeleteAccessTokenInput {
            id: Some((*id).to_owned()),
        };
        match tokens.delete_access_token(input).await {
            Ok(_) => deleted += 1,
            Err(Error::Service(ServiceError::ResourceNotFound(_))) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(deleted)
}

/// What the tests below do, as a program.
fn main() -> Result<(), Box<dyn StdError>> {
    let service = TestService::new();
    service
        .when_any::<DeleteAccessTokenInput>()
        .answer(DeleteAccessTokenOutput::default());
    let client = Client::new(service.config());
    println!("deleted: {}", block_on(forget(&client, &["t-1", "t-2"]))?);
    for request in service.requests() {
        println!("{} {}", request.method(), request.uri());
    }
    service.verify();
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test fails by panicking.

    use std::future::ready;
    use std::sync::Mutex;

    use generated_client::codecatalyst::error::{ResourceNotFoundException, ThrottlingException};
    use generated_client::runtime::api::CallFuture;
    use generated_client::runtime::build;

    use super::*;

    /// A real client over a service that the test makes up: retries, signatures and the wire are as they are.
    #[tokio::test]
    async fn a_token_that_is_gone_does_not_count() {
        let service = TestService::new();
        let gone = build!(ResourceNotFoundException {
            message: "no such token".into()
        });
        service
            .when::<DeleteAccessTokenInput>(|input| input.id.as_deref() == Some("gone"))
            .fail_with(gone);
        service
            .when_any::<DeleteAccessTokenInput>()
            .answer(DeleteAccessTokenOutput::default());
        let client = Client::new(service.config());
        assert_eq!(forget(&client, &["t-1", "gone"]).await.unwrap(), 1);
    }

    /// The client's own retries are part of the test, and take no time.
    #[test]
    fn a_busy_service_is_asked_again() {
        let service = TestService::new();
        service
            .when_any::<DeleteAccessTokenInput>()
            .fail_with(build!(ThrottlingException {}))
            .times(2)
            .then()
            .answer(DeleteAccessTokenOutput::default());
        let client = Client::new(service.config());
        assert_eq!(block_on(forget(&client, &["t-1"])).unwrap(), 1);
        assert_eq!(service.requests().len(), 3);
        service.verify();
    }

    /// A stand-in for the client, of which only one method is asked for.
    #[derive(Default)]
    struct Memory(Mutex<Vec<String>>);

    impl CodeCatalystApi for Memory {
        fn delete_access_token(
            &self,
            input: DeleteAccessTokenInput,
        ) -> CallFuture<DeleteAccessTokenInput> {
            self.0.lock().unwrap().extend(input.id);
            Box::pin(ready(Ok(DeleteAccessTokenOutput::default())))
        }
    }

    /// Where nothing of the client matters, its trait is enough.
    #[test]
    fn every_token_is_deleted() {
        let memory = Memory::default();
        assert_eq!(block_on(forget(&memory, &["t-1", "t-2"])).unwrap(), 2);
        assert_eq!(*memory.0.lock().unwrap(), ["t-1", "t-2"]);
    }
}
