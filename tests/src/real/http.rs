//! A request by hand: no client of Usher's is called.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use super::Failure;

/// The longest silence of a server.
const SILENCE: Duration = Duration::from_secs(30);

/// An answer whose body is still to be read. It ends with the connection.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header lines, names in lower case.
    pub headers: Vec<String>,
    /// The body.
    pub body: BufReader<TcpStream>,
}

impl Answer {
    /// The whole body as text.
    ///
    /// # Errors
    /// The connection breaks, or the body is no text.
    pub fn text(mut self) -> Result<String, Failure> {
        let mut text = String::new();
        self.body.read_to_string(&mut text)?;
        Ok(text)
    }
}

/// `POST`, in the way of HTTP/1.0. `headers` are pairs of a name and a value.
///
/// # Errors
/// Nobody answers in time.
pub fn post(
    server: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer, Failure> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(SILENCE))?;
    write!(stream, "POST {path} HTTP/1.0\r\nhost: usher\r\ncontent-length: {}\r\n", body.len())?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    stream.write_all(body)?;
    let mut body = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if body.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let status = lines.first().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.iter().skip(1).map(|line| line.to_ascii_lowercase()).collect();
    Ok(Answer { status: status.ok_or("no status line")?, headers, body })
}
