//! Creates, lists and deletes a token, at the endpoint of the first argument.

use codecatalyst_official::{Error, client, create, delete, list};

fn main() -> Result<(), Error> {
    let endpoint = std::env::args().nth(1);
    let client = client(&endpoint.ok_or("give the URL of the endpoint")?)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let id = create(&client).await?;
        println!("{id} is one of {} tokens", list(&client).await?);
        delete(&client, &id).await
    })
}
