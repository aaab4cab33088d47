//! The setup string: address, one-time code and server fingerprint in one QR code, for *Connect this desk*.

/// What a desk needs to enrol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The server's address, `http://127.0.0.1:8080` or `https://host:port`.
    pub address: String,
    /// The one-time code.
    pub code: String,
    /// SHA-256 of the server's certificate in hexadecimal, where it made its own.
    pub fingerprint: Option<String>,
}

const HEAD: &str = "usher:setup?";

impl Setup {
    /// The text for the QR code.
    #[must_use]
    pub fn to_text(&self) -> String {
        let fingerprint = self.fingerprint.iter().map(|f| format!("&f={f}")).collect::<String>();
        format!("{HEAD}a={}&c={}{fingerprint}", self.address, self.code)
    }

    /// Reads a setup string; anything else gives none.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut setup = Self { address: String::new(), code: String::new(), fingerprint: None };
        for pair in text.trim().strip_prefix(HEAD)?.split('&') {
            match pair.split_once('=')? {
                ("a", value) => setup.address = value.into(),
                ("c", value) => setup.code = value.into(),
                ("f", value) => setup.fingerprint = Some(value.into()),
                _ => {}
            }
        }
        (!setup.address.is_empty() && !setup.code.is_empty()).then_some(setup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setup_string_reads_back() {
        let setup = Setup {
            address: "https://192.0.2.7:8443".into(),
            code: "7KQ2-M4XP".into(),
            fingerprint: Some("ab".repeat(32)),
        };
        assert_eq!(Setup::from_text(&setup.to_text()), Some(setup.clone()));
        let plain = Setup { fingerprint: None, ..setup };
        assert_eq!(Setup::from_text(&format!("  {}&new=1\n", plain.to_text())), Some(plain));
        assert_eq!(Setup::from_text("https://example.org"), None);
        assert_eq!(Setup::from_text("usher:setup?a=x"), None);
    }
}
