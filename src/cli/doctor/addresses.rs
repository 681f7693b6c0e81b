//! The name servers of this machine against the addresses that a unit lets through.

use std::fmt::Write as _;
use std::net::IpAddr;

use ipnet::IpNet;

/// The name servers that a `resolv.conf` names.
pub(super) fn name_servers(resolv_conf: &str) -> Vec<IpAddr> {
    let named = resolv_conf.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    // An address of a link has the link behind it, which is not part of the address.
    let address = |rest: &str| rest.split_whitespace().next()?.split('%').next()?.parse().ok();
    named.filter_map(address).collect()
}

/// The servers that the lists keep the unit from; what is allowed goes before what is denied.
pub(super) fn shut_out(servers: &[IpAddr], allowed: &[IpNet], denied: &[IpNet]) -> Vec<IpAddr> {
    let within = |list: &[IpNet], server: &IpAddr| list.iter().any(|network| network.contains(server));
    servers.iter().filter(|server| within(denied, server) && !within(allowed, server)).copied().collect()
}

/// Networks as `systemctl show` lists them.
pub(super) fn networks(list: &str) -> Vec<IpNet> {
    list.split_whitespace().filter_map(|network| network.parse().ok()).collect()
}

/// The drop-in that lets these through.
pub(super) fn drop_in(servers: &[IpAddr]) -> String {
    let mut text = "# Written by `tollwatch doctor --write` from /etc/resolv.conf.\n[Service]\n".to_owned();
    for server in servers {
        // Writing into a string cannot fail.
        writeln!(text, "IPAddressAllow={server}").ok();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_outside_of_the_lists_is_named() {
        let resolv_conf = "# a comment\nsearch example.org\nnameserver 127.0.0.53\nnameserver\t9.9.9.9\nnameserver fe80::1%eth0\nnameserver x\n";
        let servers = name_servers(resolv_conf);
        assert_eq!(servers.len(), 3);
        let (allowed, denied) = (networks("9.0.0.0/8 2000::/3"), networks("0.0.0.0/0 ::/0"));
        let shut = shut_out(&servers, &allowed, &denied);
        assert_eq!(shut, ["127.0.0.53".parse::<IpAddr>().unwrap(), "fe80::1".parse().unwrap()]);
        assert_eq!(shut_out(&servers, &[], &[]), Vec::<IpAddr>::new());
        assert!(drop_in(&shut).ends_with("[Service]\nIPAddressAllow=127.0.0.53\nIPAddressAllow=fe80::1\n"));
    }
}
