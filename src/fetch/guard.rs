//! Which addresses may be asked: public ones, on the address actually connected to, whatever way it is spelt.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::fetch::FetchError;

/// How a refusal of the resolver is recognised in the client's error.
pub(super) const REFUSED: &str = "not a public address";

/// Refuses addresses that are not public, unless they are in a network that the configuration allows.
#[derive(Clone)]
pub struct Guard {
    allowed: Vec<IpNet>,
    answers: Option<Answers>,
}

/// Gives the addresses of a name in place of the system's name servers.
pub type Answers = Arc<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}

impl Guard {
    /// Lets these networks pass beside the public ones.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed, answers: None }
    }

    /// The same, with other answers than the system's; they are guarded no less.
    pub fn answering(allowed: Vec<IpNet>, answers: Answers) -> Self {
        Self { allowed, answers: Some(answers) }
    }

    async fn lookup(&self, name: &str) -> std::io::Result<Vec<SocketAddr>> {
        match &self.answers {
            Some(answers) => Ok(answers(name).into_iter().map(|address| SocketAddr::new(address, 0)).collect()),
            None => Ok(tokio::net::lookup_host((name, 0)).await?.collect()),
        }
    }

    /// Checks the address as written. A name is checked when it is resolved, by the resolver that the connection uses.
    ///
    /// # Errors
    ///
    /// If the scheme is not the web's, or the host is an address that may not be asked.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        let blocked = |why: &str| Err(FetchError::Blocked { url: FetchError::plain(url), why: why.to_owned() });
        if !matches!(url.scheme(), "http" | "https") {
            return blocked("only http and https are asked");
        }
        let address = match url.host() {
            None => return blocked("it names no host"),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        if self.lets_pass(address) { Ok(()) } else { blocked(&format!("{address} is {REFUSED}")) }
    }

    fn lets_pass(&self, address: IpAddr) -> bool {
        let plain = unmapped(address);
        is_public(plain) || self.allowed.iter().any(|network| network.contains(&address) || network.contains(&plain))
    }
}

/// The resolver of the client: what it gives is what is dialled, so an answer cannot change in between. One address that
/// may not be asked refuses the whole answer.
impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = guard.lookup(name.as_str()).await?;
            if let Some(refused) = found.iter().find(|address| !guard.lets_pass(address.ip())) {
                return Err(format!("{} is {REFUSED}", refused.ip()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The IPv4 address that an IPv6 one stands for (mapped), else itself.
fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether an address is on the public internet (the IANA special-purpose registries, RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match unmapped(address) {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..=127).contains(&b);
    let protocol = a == 192 && b == 0 && (c == 0 || c == 2);
    let relay = a == 192 && b == 88 && c == 99;
    let benchmark = a == 198 && (b == 18 || b == 19);
    let special =
        address.is_private() || address.is_loopback() || address.is_link_local() || address.is_documentation();
    a != 0 && a < 224 && !(shared || protocol || relay || benchmark || special)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out; within it are Teredo, benchmarking, ORCHID, documentation and 6to4, which hides an
    // IPv4 address.
    let given_out = (0x2000..=0x3fff).contains(&a);
    let protocol = a == 0x2001 && b < 0x200;
    let documentation = (a == 0x2001 && b == 0xdb8) || (a == 0x3fff && b < 0x1000);
    let sixtofour = a == 0x2002;
    given_out && !(protocol || documentation || sixtofour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_a_non_public_address_passes() {
        let guard = Guard::new(Vec::new());
        let spellings = include_str!("../../tests/guard/spellings.txt").lines().filter(|line| !line.starts_with('#'));
        for host in spellings {
            let Ok(url) = Url::parse(&format!("http://{host}/")) else { continue };
            assert!(guard.check(&url).is_err(), "{host} passed as {url}");
            assert!(!matches!(url.host(), Some(Host::Domain(_))), "{host} is taken for a name");
        }
    }

    #[test]
    fn public_addresses_and_allowed_networks_pass() {
        let guard = Guard::new(vec!["127.0.0.0/8".parse().unwrap()]);
        for host in [
            "8.8.8.8",
            "1.1.1.1",
            "[2606:4700:4700::1111]",
            "172.32.0.1",
            "192.0.1.1",
            "100.128.0.1",
            "127.0.0.1",
            "example.org",
        ] {
            assert!(guard.check(&Url::parse(&format!("http://{host}/")).unwrap()).is_ok(), "{host}");
        }
        assert!(guard.check(&Url::parse("http://10.0.0.1/").unwrap()).is_err());
        assert!(guard.check(&Url::parse("ftp://8.8.8.8/").unwrap()).is_err());
    }
}
