//! A service on the loopback address that records each request and answers what it was told to.

use std::io::{self, BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context as _, Result, bail};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tests::token_service::Request;

use crate::reply::Reply;

/// What is to be answered, and what came.
#[derive(Debug, Default)]
struct State {
    reply: Vec<u8>,
    requests: Vec<Request>,
    problem: Option<String>,
}

/// The service. It runs until the program ends.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Starts it on a free port.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("no port to listen on")?;
        let address = listener.local_addr()?;
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(&stream, &shared));
            }
        });
        Ok(Self { address, state })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What to answer from now on.
    pub fn answer(&self, reply: &Reply) {
        lock(&self.state).reply = written(reply);
    }

    /// The requests since it was last asked.
    pub fn take(&self) -> Result<Vec<Request>> {
        let mut state = lock(&self.state);
        match state.problem.take() {
            Some(problem) => bail!("the server could not read a request: {problem}"),
            None => Ok(std::mem::take(&mut state.requests)),
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn written(reply: &Reply) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} \r\n", reply.status);
    for (name, value) in &reply.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!(
        "content-length: {}\r\n\r\n{}",
        reply.body.len(),
        reply.body
    ));
    text.into_bytes()
}

/// Serves one connection until the client closes it.
fn serve(stream: &TcpStream, state: &Mutex<State>) {
    if let Err(error) = requests(stream, state) {
        lock(state).problem = Some(format!("{error:#}"));
    }
}

fn requests(stream: &TcpStream, state: &Mutex<State>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        match request(&mut reader) {
            Ok(Some(request)) => {
                let mut state = lock(state);
                state.requests.push(request);
                writer.write_all(&state.reply)?;
            }
            Ok(None) => return Ok(()),
            // Clients may drop connections that they do not want any more.
            Err(error) if error.downcast_ref::<io::Error>().is_some() => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// The next request, as it was sent.
fn request(reader: &mut impl BufRead) -> Result<Option<Request>> {
    let Some(first) = line(reader)? else {
        return Ok(None);
    };
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        bail!("{first:?} begins no request");
    };
    let mut headers = HeaderMap::new();
    while let Some(header) = line(reader)?.filter(|header| !header.is_empty()) {
        let (name, value) = header.split_once(':').context("a header without a colon")?;
        headers.append(
            HeaderName::try_from(name)?,
            HeaderValue::from_str(value.trim_matches([' ', '\t']))?,
        );
    }
    anyhow::ensure!(!headers.contains_key("transfer-encoding"), "a chunked body");
    let length = headers
        .get("content-length")
        .map_or(Ok("0"), HeaderValue::to_str)?;
    let mut body = vec![0; length.parse()?];
    reader.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Some(Request {
        method: Method::try_from(method)?,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body,
    }))
}

fn line(reader: &mut impl BufRead) -> Result<Option<String>> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    let line = line
        .strip_suffix(b"\r\n")
        .context("a line that does not end in CR LF")?;
    Ok(Some(str::from_utf8(line)?.to_owned()))
}
