//! A login of IAM Identity Center that is renewed over a socket, and kept in a real file.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tinsmith_runtime::client::Client;
use tinsmith_runtime::config::Config;
use tinsmith_runtime::identity::{Environment, MemoryEnvironment, ProcessEnvironment};

use crate::once;
use crate::server::{OK, Server};
use crate::service::{SERVICE, Tokens, get};

/// Variables of a test's own, and the files of the system.
#[derive(Debug)]
struct Home {
    variables: MemoryEnvironment,
    folder: PathBuf,
}

impl Home {
    /// A folder with a login that has expired, whose service is at `url`.
    fn new(name: &str, url: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tinsmith-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join(".aws/sso/cache")).unwrap();
        let config = "[default]\nsso_session = my-sso\n[sso-session my-sso]\n\
            sso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n";
        fs::write(folder.join(".aws/config"), config).unwrap();
        let variables = MemoryEnvironment::default()
            .with_var("HOME", folder.to_str().unwrap())
            .with_var("AWS_ENDPOINT_URL_SSO_OIDC", url);
        let home = Self { variables, folder };
        let login = r#"{"accessToken":"0ld-s3cr3t","expiresAt":"2020-01-01T00:00:00Z",
            "refreshToken":"refresh-s3cr3t","clientId":"id","clientSecret":"client-s3cr3t"}"#;
        fs::write(home.login(), login).unwrap();
        home
    }

    /// The file of the session `my-sso`.
    fn login(&self) -> PathBuf {
        let name = "0ad374308c5a4e22f723adf10145eafad7c4031c.json";
        self.folder.join(".aws/sso/cache").join(name)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Environment for Home {
    fn var(&self, name: &str) -> Option<String> {
        self.variables.var(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        ProcessEnvironment.read(path)
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        ProcessEnvironment.write(path, content)
    }
}

/// Answers a request with a body by this.
fn identity_center(answer: &'static str) -> Server {
    Server::start(move |server, mut stream| {
        server.receive(&mut stream);
        let head = server.requests().pop().unwrap();
        let (_, length) = head.split_once("content-length: ").unwrap();
        let length = length.split_once("\r\n").unwrap().0.parse().unwrap();
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        assert!(String::from_utf8(body).unwrap().contains("refresh-s3cr3t"));
        stream.write_all(answer.as_bytes()).unwrap();
    })
}

fn client(home: &Arc<Home>, service: &Server) -> Client<Tokens> {
    let config = Config::builder()
        .with_environment(Arc::clone(home) as Arc<dyn Environment>, &SERVICE)
        .unwrap()
        .endpoint_url(service.url());
    Client::new(once(config).build().unwrap())
}

/// Protects programs that outlive a login: the first call renews it, the next ones use it, and the file
/// has it for other programs, unreadable to other people.
#[tokio::test]
async fn an_expired_login_is_renewed() {
    let login = identity_center(
        "HTTP/1.1 200 OK\r\ncontent-length: 76\r\n\r\n\
         {\"accessToken\":\"n3w-s3cr3t\",\"expiresIn\":3600,\"refreshToken\":\"next-s3cr3t\"}  ",
    );
    let service = Server::answering(&[OK, OK]);
    let home = Arc::new(Home::new("renewed", &login.url()));
    let client = client(&home, &service);
    for _ in 0..2 {
        client.send(get()).await.unwrap();
    }
    assert_eq!(login.requests().len(), 1);
    assert!(login.requests()[0].starts_with("POST /token HTTP/1.1\r\n"));
    for request in service.requests() {
        assert!(
            request.contains("authorization: Bearer n3w-s3cr3t\r\n"),
            "{request}"
        );
    }
    let kept = fs::read_to_string(home.login()).unwrap();
    assert!(
        kept.contains("n3w-s3cr3t") && kept.contains("next-s3cr3t"),
        "{kept}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(home.login()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// Protects people whose login is over: the error tells what to run, and nothing secret.
#[tokio::test]
async fn a_login_that_is_over_names_the_command() {
    let login = identity_center(
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 58\r\n\r\n\
         {\"error\":\"invalid_grant\",\"error_description\":\"0ld-s3cr3t\"}",
    );
    let service = Server::answering(&[OK]);
    let home = Arc::new(Home::new("over", &login.url()));
    let error = client(&home, &service).send(get()).await.unwrap_err();
    let line = error.to_string();
    for part in [
        "GetToken cannot be sent",
        "(run `aws sso login --sso-session my-sso`)",
        "refused with status 400 (invalid_grant)",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(!format!("{line} {error:?}").contains("s3cr3t"), "{error:?}");
    assert!(service.requests().is_empty());
}
