//! A server that says what a test wants it to say, byte for byte.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a server does with one connection.
pub(crate) type Serve = Arc<dyn Fn(&Server, TcpStream) + Send + Sync>;

/// A server on a port of its own. Its threads end with the test's process.
#[derive(Clone)]
pub(crate) struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
    peak: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves every connection by `serve`, each on a thread of its own.
    pub(crate) fn start(serve: impl Fn(&Server, TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            connections: Arc::default(),
            open: Arc::default(),
            peak: Arc::default(),
            requests: Arc::default(),
        };
        let serve: Serve = Arc::new(serve);
        let this = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                this.connections.fetch_add(1, Ordering::SeqCst);
                let open = this.open.fetch_add(1, Ordering::SeqCst) + 1;
                this.peak.fetch_max(open, Ordering::SeqCst);
                let (this, serve) = (this.clone(), Arc::clone(&serve));
                thread::spawn(move || {
                    serve(&this, stream);
                    this.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    /// Answers each request on a connection with the next of these texts, and then hangs up.
    pub(crate) fn answering(answers: &'static [&'static str]) -> Self {
        Self::start(move |server, mut stream| {
            for answer in answers {
                if !server.receive(&mut stream) || stream.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        })
    }

    /// Reads one request, which is kept, and tells whether there was one.
    pub(crate) fn receive(&self, stream: &mut impl Read) -> bool {
        self.receive_until(b"\r\n\r\n", stream)
    }

    /// Like [`receive`](Self::receive), but leaves the last byte, so that the connection is reset and
    /// not just closed when it is dropped.
    pub(crate) fn receive_most(&self, stream: &mut TcpStream) -> bool {
        self.receive_until(b"\r\n\r", stream) && stream.peek(&mut [0]).is_ok()
    }

    fn receive_until(&self, end: &[u8], stream: &mut impl Read) -> bool {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(end) {
            match stream.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => return false,
            }
        }
        let head = String::from_utf8(head).unwrap();
        self.requests.lock().unwrap().push(head);
        true
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The most connections that were open at the same time.
    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }

    /// How many connections are open.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Blocks this thread, and with it whatever else runs on it, until the server has closed all
    /// connections.
    pub(crate) fn wait_until_closed(&self) {
        while self.open() > 0 {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A complete answer.
pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{\"value\":\"v\"}";
