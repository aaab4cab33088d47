//! TLS: a certificate that the organiser gives, or one that the server makes once, keeps beside its database and that desks pin.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum_server::tls_rustls::RustlsConfig;
use data_encoding::HEXLOWER;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};

use super::lock::beside;

/// What the server presents.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Tls {
    /// Plain HTTP: on loopback only.
    #[default]
    Off,
    /// A certificate of its own making.
    SelfSigned,
    /// The organiser's.
    Given {
        /// PEM file with the chain.
        certificate: PathBuf,
        /// PEM file with the key.
        key: PathBuf,
    },
}

/// Why TLS cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TlsProblem {
    /// A file cannot be read or written.
    #[error("{0} cannot be used: {1}")]
    File(PathBuf, String),
    /// Only one of the two files of the own certificate is there.
    #[error("{0} is missing beside {1}")]
    Half(PathBuf, PathBuf),
    /// The certificate could not be made.
    #[error("the certificate could not be made: {0}")]
    Making(#[from] rcgen::Error),
    /// The key does not fit the certificate, or the like.
    #[error("the certificate and its key cannot be used together: {0}")]
    Pair(#[from] rustls::Error),
}

/// Names that the server is reached by on its own computer.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The certificate that the server keeps beside its database.
#[must_use]
fn own_certificate_path(data: &Path) -> PathBuf {
    beside(data, ".tls-cert.pem")
}

fn own_key_path(data: &Path) -> PathBuf {
    beside(data, ".tls-key.pem")
}

/// Loads, or makes, what `tls` names; none for plain HTTP. `host` is the address listened on, to stand in an own certificate.
///
/// # Errors
/// [`TlsProblem`].
pub(super) fn load(tls: &Tls, data: &Path, host: &str) -> Result<Option<RustlsConfig>, TlsProblem> {
    let (certificate, key) = match tls {
        Tls::Off => return Ok(None),
        Tls::Given { certificate, key } => (certificate.clone(), key.clone()),
        Tls::SelfSigned => own(data, host)?,
    };
    let chain = read_chain(&certificate)?;
    let secret =
        PrivateKeyDer::from_pem_file(&key).map_err(|error| TlsProblem::File(key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, secret)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(RustlsConfig::from_config(Arc::new(config))))
}

/// SHA-256 of the server's own certificate, in lower-case hexadecimal; none where it has not made one.
///
/// # Errors
/// When the certificate is there and cannot be read.
pub fn own_fingerprint(data: &Path) -> Result<Option<String>, TlsProblem> {
    let path = own_certificate_path(data);
    if !path.exists() {
        return Ok(None);
    }
    let chain = read_chain(&path)?;
    Ok(chain.first().map(|certificate| HEXLOWER.encode(&Sha256::digest(certificate))))
}

/// Makes the server's own certificate unless it is there.
///
/// # Errors
/// [`TlsProblem`].
fn own(data: &Path, host: &str) -> Result<(PathBuf, PathBuf), TlsProblem> {
    let (certificate, key) = (own_certificate_path(data), own_key_path(data));
    match (certificate.exists(), key.exists()) {
        (true, true) => {}
        (false, false) => make(&certificate, &key, host)?,
        (true, false) => return Err(TlsProblem::Half(key, certificate)),
        (false, true) => return Err(TlsProblem::Half(certificate, key)),
    }
    Ok((certificate, key))
}

fn make(certificate: &Path, key: &Path, host: &str) -> Result<(), TlsProblem> {
    let mut names: Vec<String> = OWN_NAMES.map(str::to_owned).to_vec();
    if !names.iter().any(|name| name == host) {
        names.push(host.to_owned());
    }
    let made = rcgen::generate_simple_self_signed(names)?;
    write(key, made.signing_key.serialize_pem().as_bytes(), true)?;
    write(certificate, made.cert.pem().as_bytes(), false)
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsProblem> {
    let problem = |text: String| TlsProblem::File(path.to_owned(), text);
    let chain = CertificateDer::pem_file_iter(path).map_err(|error| problem(error.to_string()))?;
    let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(|error| problem(error.to_string()))?;
    if chain.is_empty() { Err(problem("it holds no certificate".into())) } else { Ok(chain) }
}

fn write(path: &Path, bytes: &[u8], secret: bool) -> Result<(), TlsProblem> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let done = options.open(path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    done.map_err(|error| TlsProblem::File(path.to_owned(), error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_certificate_is_made_once_and_its_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("usher.db");
        assert_eq!(own_fingerprint(&data).unwrap(), None);
        assert!(load(&Tls::SelfSigned, &data, "192.0.2.7").unwrap().is_some());
        let first = own_fingerprint(&data).unwrap().unwrap();
        assert!(load(&Tls::SelfSigned, &data, "192.0.2.8").unwrap().is_some());
        assert_eq!(own_fingerprint(&data).unwrap().unwrap(), first);
        assert_eq!(first.len(), 64);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(own_key_path(&data)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::remove_file(own_key_path(&data)).unwrap();
        assert!(matches!(load(&Tls::SelfSigned, &data, "h"), Err(TlsProblem::Half(..))));
    }

    #[test]
    fn a_given_file_that_is_no_certificate_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let junk = folder.path().join("junk.pem");
        fs::write(&junk, "junk").unwrap();
        let tls = Tls::Given { certificate: junk.clone(), key: junk };
        assert!(matches!(load(&tls, &folder.path().join("d"), "h"), Err(TlsProblem::File(..))));
    }
}
