//! The server's address as people type it.

use url::Url;
use usher_protocol::window::ConnectRefusal;

/// Reads an address: `host`, `host:port` or a whole URL. Without a scheme, loopback gets `http`, everything else `https`.
/// The path is left off: the protocol's own paths follow the origin.
///
/// # Errors
/// [`ConnectRefusal::BadAddress`], or [`ConnectRefusal::NotSecure`] for plain `http` beyond this computer (DESIGN section 9).
pub(crate) fn read_address(text: &str) -> Result<Url, ConnectRefusal> {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("{}://{text}", scheme_for(text)) };
    let url = Url::parse(&whole).map_err(|_| ConnectRefusal::BadAddress)?;
    match (url.scheme(), url.host_str()) {
        ("https", Some(host)) if !host.is_empty() => Ok(origin(url)),
        ("http", Some(host)) if is_loopback(host) => Ok(origin(url)),
        ("http", Some(_)) => Err(ConnectRefusal::NotSecure),
        _ => Err(ConnectRefusal::BadAddress),
    }
}

fn scheme_for(text: &str) -> &'static str {
    let host = text.rsplit_once(':').map_or(text, |(host, _)| host);
    if is_loopback(host) { "http" } else { "https" }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn origin(mut url: Url) -> Url {
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_type_them() {
        let read = |text| read_address(text).map(String::from);
        assert_eq!(read(" 127.0.0.1:8080 "), Ok("http://127.0.0.1:8080/".into()));
        assert_eq!(read("localhost:8080/admin?x"), Ok("http://localhost:8080/".into()));
        assert_eq!(read("http://[::1]:9/"), Ok("http://[::1]:9/".into()));
        assert_eq!(read("door.example.org"), Ok("https://door.example.org/".into()));
        assert_eq!(read("http://door.example.org"), Err(ConnectRefusal::NotSecure));
        for bad in ["", "ftp://x", "http://", "two words", "https://"] {
            assert_eq!(read(bad), Err(ConnectRefusal::BadAddress), "{bad:?}");
        }
    }
}
