//! Making connections: directly or through a proxy, in the clear or with TLS.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use tower_service::Service;

use super::proxy::{Proxies, ProxyFailed};
#[cfg(feature = "tls")]
use super::tls::{LazyTls, Trust};
use crate::error::BoxError;

/// Makes connections for hyper's pool.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    timeout: Option<Duration>,
    proxies: Proxies,
    #[cfg(feature = "tls")]
    tls: LazyTls,
}

/// The connection was not made in the time allowed.
#[derive(Debug)]
pub(super) struct ConnectTimedOut(Duration);

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not connected within {:?}", self.0)
    }
}

impl std::error::Error for ConnectTimedOut {}

/// The connection is one that this build cannot make.
#[cfg(not(feature = "tls"))]
#[derive(Debug)]
pub(super) struct TlsLeftOut;

#[cfg(not(feature = "tls"))]
impl fmt::Display for TlsLeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("https needs the feature `tls`, which this build lacks")
    }
}

#[cfg(not(feature = "tls"))]
impl std::error::Error for TlsLeftOut {}

type Connecting = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

impl Connector {
    pub(super) fn new(
        timeout: Option<Duration>,
        proxies: Proxies,
        #[cfg(feature = "tls")] trust: Trust,
    ) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // Requests are small and waited for.
        tcp.set_nodelay(true);
        Self {
            tcp,
            timeout,
            proxies,
            #[cfg(feature = "tls")]
            tls: LazyTls::new(trust),
        }
    }

    fn connect(&mut self, to: Uri) -> Connecting {
        let secure = to.scheme() == Some(&Scheme::HTTPS);
        let Some(proxy) = self.proxies.intercept(&to) else {
            return match secure {
                true => self.secure(Dialer::Straight(self.tcp.clone()), to),
                false => self.plain(to, false),
            };
        };
        let connecting = if secure {
            let mut tunnel = Tunnel::new(proxy.uri().clone(), self.tcp.clone());
            if let Some(auth) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(auth.clone());
            }
            self.secure(Dialer::Through(tunnel), to)
        } else {
            self.plain(proxy.uri().clone(), true)
        };
        Box::pin(async move {
            let connected = connecting.await;
            connected.map_err(|error| ProxyFailed::new(proxy.uri(), error).into())
        })
    }

    fn plain(&mut self, to: Uri, proxied: bool) -> Connecting {
        let connecting = self.tcp.call(to);
        Box::pin(async move {
            let io = Box::new(connecting.await?);
            Ok(Stream { io, proxied })
        })
    }

    #[cfg(feature = "tls")]
    fn secure(&self, dialer: Dialer, to: Uri) -> Connecting {
        let connecting = self.tls.connect(dialer, to);
        Box::pin(async move {
            let io = Box::new(connecting.await?);
            Ok(Stream { io, proxied: false })
        })
    }

    #[cfg(not(feature = "tls"))]
    fn secure(&self, _: Dialer, _: Uri) -> Connecting {
        Box::pin(std::future::ready(Err(TlsLeftOut.into())))
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Connecting {
        let connecting = self.connect(to);
        let Some(limit) = self.timeout else {
            return connecting;
        };
        Box::pin(async move {
            match tokio::time::timeout(limit, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(ConnectTimedOut(limit).into()),
            }
        })
    }
}

/// A connection without TLS.
pub(super) type Tcp = TokioIo<tokio::net::TcpStream>;

/// The way to a host whose connection is then secured. One type for both ways, so that TLS over it is
/// compiled once.
pub(super) enum Dialer {
    Straight(HttpConnector),
    Through(Tunnel<HttpConnector>),
}

impl Service<Uri> for Dialer {
    type Response = Tcp;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Tcp, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Self::Straight(tcp) => tcp.poll_ready(cx).map_err(Into::into),
            Self::Through(tunnel) => tunnel.poll_ready(cx).map_err(Into::into),
        }
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        match self {
            Self::Straight(tcp) => {
                let connecting = tcp.call(to);
                Box::pin(async { connecting.await.map_err(Into::into) })
            }
            Self::Through(tunnel) => {
                let connecting = tunnel.call(to);
                Box::pin(async { connecting.await.map_err(Into::into) })
            }
        }
    }
}

/// What a connection is made of, with TLS or without.
trait Io: Connection + Read + Write + Send + Unpin {}

impl<T: Connection + Read + Write + Send + Unpin> Io for T {}

/// A connection that knows whether a proxy reads the requests on it, which then carry whole URLs.
pub(super) struct Stream {
    io: Box<dyn Io>,
    proxied: bool,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.proxied)
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bytes)
    }
}
