//! Creates tokens as `cargo xtask bench call` says.

use codecatalyst_hyper::{Error, client, create};

fn main() -> Result<(), Error> {
    meter::run(client, async |client| create(client).await.map(drop))
}
