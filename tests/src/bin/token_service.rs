//! Runs the in-memory token service by hand, to try a client against it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use jiff::SignedDuration;
use tests::token_service::{Fault, Options, TokenService};

/// Serve the access-token operations of CodeCatalyst and Route 53 Global Resolver on this machine.
///
/// Everything is kept in memory. Ctrl-C ends the service.
#[derive(Debug, Parser)]
struct Args {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,

    /// Speak TLS, and write the certificate to trust to this file, in PEM.
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,

    /// The bearer token that CodeCatalyst accepts.
    #[arg(long, default_value = "dummy-token")]
    bearer_token: String,

    /// A DNS view that exists; may be given more than once.
    #[arg(long = "dns-view", value_name = "ID", default_value = "dv-1")]
    dns_views: Vec<String>,

    /// How many access tokens each service keeps.
    #[arg(long, default_value_t = 100)]
    quota: usize,

    /// Seconds that the service's clock is ahead of this machine's.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    clock_offset: i64,

    /// Throttle the first N requests.
    #[arg(long, value_name = "N", default_value_t = 0)]
    throttle: usize,

    /// The seconds in the `Retry-After` header of throttled requests.
    #[arg(long, value_name = "SECONDS")]
    retry_after: Option<u32>,

    /// Answer the first N requests with a 503 in HTML.
    #[arg(long, value_name = "N", default_value_t = 0)]
    unavailable: usize,

    /// Answer the first N requests late, by a minute.
    #[arg(long, value_name = "N", default_value_t = 0)]
    stall: usize,

    /// End the connection in the middle of the first N answers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    truncate: usize,

    /// Answer the first N requests with a body that is not JSON.
    #[arg(long, value_name = "N", default_value_t = 0)]
    garbage: usize,

    /// End the connection before the first N answers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    hang_up: usize,
}

impl Args {
    /// The faults in the order they happen.
    fn faults(&self) -> [(Fault, usize); 6] {
        let retry_after = self.retry_after;
        [
            (Fault::Throttle { retry_after }, self.throttle),
            (Fault::Html(503), self.unavailable),
            (Fault::Stall(Duration::from_secs(60)), self.stall),
            (Fault::Truncate, self.truncate),
            (Fault::Garbage, self.garbage),
            (Fault::HangUp, self.hang_up),
        ]
    }

    fn options(&self) -> Options {
        Options {
            port: self.port,
            tls: self.tls.is_some(),
            bearer_token: self.bearer_token.clone(),
            dns_views: self.dns_views.clone(),
            quota: self.quota,
            clock_offset: SignedDuration::from_secs(self.clock_offset),
            ..Options::default()
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let options = args.options();
    let mut service = TokenService::start(options.clone())
        .await
        .with_context(|| format!("cannot serve on port {}", args.port))?;
    for (fault, times) in args.faults() {
        service.inject(fault, times);
    }
    if let (Some(file), Some(certificate)) = (&args.tls, service.certificate()) {
        std::fs::write(file, certificate)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    introduce(&args, &service, &options);
    tokio::select! {
        () = service.wait() => {}
        ended = tokio::signal::ctrl_c() => ended?,
    }
    println!("\n{} requests; ended", service.requests().len());
    Ok(())
}

fn introduce(args: &Args, service: &TokenService, options: &Options) {
    let url = service.url();
    let trust = match &args.tls {
        Some(file) => format!(" --cacert {}", file.display()),
        None => String::new(),
    };
    println!("CodeCatalyst and Route 53 Global Resolver at {url}\n");
    println!(
        "CodeCatalyst accepts the bearer token {}:",
        options.bearer_token
    );
    println!(
        "  curl{trust} -X PUT {url}/v1/accessTokens -H 'Authorization: Bearer {}' \\\n    \
         -H 'Content-Type: application/json' -d '{{\"name\":\"ci\"}}'\n",
        options.bearer_token
    );
    println!(
        "Route 53 Global Resolver accepts SigV4 in {}, with these credentials:",
        options.region
    );
    println!(
        "  export AWS_ACCESS_KEY_ID={}",
        options.credentials.access_key_id
    );
    println!(
        "  export AWS_SECRET_ACCESS_KEY={}\n",
        options.credentials.secret_access_key
    );
    println!(
        "DNS views: {}. Ctrl-C ends the service.",
        options.dns_views.join(", ")
    );
}
