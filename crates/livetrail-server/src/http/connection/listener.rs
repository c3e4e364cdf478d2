use super::Peer;
use crate::connections::{ClientConnection, ConnectionPermit, Connections};
use ipnet::IpNet;
use socket2::SockRef;
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

/// A peer that acknowledges nothing for this long is gone.
const DEAD_PEER: Duration = Duration::from_secs(30);
/// Commands that wait to be accepted.
const OPERATOR_BACKLOG: i32 = 128;

/// Where connections come in.
pub enum Listener {
    /// From the network.
    Network(TcpListener),
    /// From commands, by a socket in the data folder.
    Operator(UnixListener, RemovedOnDrop),
}

/// A socket's file, which outlives its listener otherwise.
pub struct RemovedOnDrop(PathBuf);

impl Drop for RemovedOnDrop {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// A socket that only this user can open. One that a killed server left behind is replaced.
    ///
    /// # Errors
    /// An error of the system, or that another process listens there: a server whose database is in another folder.
    pub fn operator(path: &Path) -> io::Result<Self> {
        use std::os::unix::{fs::PermissionsExt, net::UnixStream};
        if UnixStream::connect(path).is_ok() {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, "another livetrail is listening there"));
        }
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None)?;
        socket.bind(&socket2::SockAddr::unix(path)?)?;
        // No client can connect before it listens, and from then on only its owner.
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        socket.listen(OPERATOR_BACKLOG)?;
        socket.set_nonblocking(true)?;
        let listener = UnixListener::from_std(socket.into())?;
        Ok(Self::Operator(listener, RemovedOnDrop(path.to_owned())))
    }
}

/// A connection that was accepted.
pub(super) enum Socket {
    Network(TcpStream, Peer, Option<ClientConnection>),
    Operator(UnixStream),
}

/// Waits for the next connection and the room for it.
pub(super) async fn accept(
    listener: &Listener,
    connections: &Connections,
    proxies: &[IpNet],
) -> io::Result<(Socket, ConnectionPermit)> {
    let mut permit = connections.permit().await?;
    let socket = match listener {
        Listener::Network(listener) => {
            let (stream, address) = listener.accept().await?;
            stream.set_nodelay(true)?;
            SockRef::from(&stream).set_tcp_user_timeout(Some(DEAD_PEER))?;
            let is_surplus = connections.is_surplus(&mut permit, address.ip());
            let is_proxy = proxies.iter().any(|network| network.contains(&address.ip().to_canonical()));
            let connection = (!is_proxy).then(|| connections.arrives(address.ip()));
            let is_crowded = connection.as_ref().is_some_and(|connection| connection.is_crowded);
            Socket::Network(
                stream,
                Peer::Network { address: address.ip(), is_surplus, is_crowded },
                connection,
            )
        }
        Listener::Operator(listener, _) => Socket::Operator(listener.accept().await?.0),
    };
    Ok((socket, permit))
}
