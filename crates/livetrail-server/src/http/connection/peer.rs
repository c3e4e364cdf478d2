use std::net::IpAddr;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) enum Peer {
    /// A client over the network.
    Network {
        address: IpAddr,
        /// Whether there are more connections from there than there may be.
        is_surplus: bool,
        /// Whether many others from there had not shown a credential when this connection came.
        is_crowded: bool,
    },
    /// A process that can open the socket in the data folder.
    Operator,
}

impl Peer {
    /// Whether this connection is one too many.
    pub(in crate::http) fn is_surplus(self) -> bool {
        matches!(self, Self::Network { is_surplus: true, .. })
    }

    /// Whether this connection is kept only for a valid credential.
    pub(in crate::http) fn is_crowded(self) -> bool {
        matches!(self, Self::Network { is_crowded: true, .. })
    }
}
