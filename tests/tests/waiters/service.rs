//! A service that answers what it is told to, over a socket.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A status and a body.
pub(crate) type Answer = (u16, &'static str);

/// A service on a port of its own. Its thread ends with the test's process.
pub(crate) struct Service {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Gives these answers, each on a connection of its own, and keeps the bodies of the requests.
    pub(crate) fn answering(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let service = Self {
            port: listener.local_addr().unwrap().port(),
            requests: Arc::default(),
        };
        let (answers, requests) = (answers.to_vec(), Arc::clone(&service.requests));
        std::thread::spawn(move || {
            for (stream, (status, answer)) in listener.incoming().zip(answers) {
                let mut reader = BufReader::new(stream.unwrap());
                let request = body(&mut reader);
                requests.lock().unwrap().push(request);
                let head = format!(
                    "HTTP/1.1 {status} -\r\nsmithy-protocol: rpc-v2-json\r\ncontent-type: \
                     application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    answer.len()
                );
                let message = [head.as_bytes(), answer.as_bytes()].concat();
                reader.get_mut().write_all(&message).unwrap();
            }
        });
        service
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bodies of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// The body of the next request.
fn body(reader: &mut impl BufRead) -> String {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}
