//! Request bodies: read with a bound and a deadline, unpacked with the same bound, so that neither a flood nor a bomb takes memory.

use std::{io::Read, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use usher_protocol::{error::ErrorCode, limits::REQUEST_BYTES_MAX};

use super::answer::Refusal;

/// How long a client may take to send its body.
const BODY_TIME_MAX: Duration = Duration::from_secs(30);

/// How much of a refused body is read and forgotten, in bytes, and for how long.
const DISCARD_BYTES_MAX: usize = 2 * REQUEST_BYTES_MAX;
const DISCARD_TIME_MAX: Duration = Duration::from_secs(3);
/// The longest body of somebody who has not proved who it is, in bytes.
const SHORT_BYTES_MAX: usize = 16 * 1024;

/// The body as the client meant it: before any content encoding.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let bytes = raw(headers, body, REQUEST_BYTES_MAX).await?;
    unpack(headers, bytes)
}

/// The same for somebody unknown, who is given less.
pub(crate) async fn read_short(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let bytes = raw(headers, body, SHORT_BYTES_MAX).await?;
    unpack(headers, bytes)
}

async fn raw(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Refusal> {
    let late = |_| {
        Refusal::because(ErrorCode::BadRequest, "the body took too long")
            .with_status(StatusCode::REQUEST_TIMEOUT)
    };
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > most) {
        discard(body).await;
        return Err(too_large());
    }
    let gathered = tokio::time::timeout(BODY_TIME_MAX, gather(body, most)).await.map_err(late)?;
    let torn = |_| Refusal::because(ErrorCode::BadRequest, "the body ended early");
    gathered.map_err(torn)?.ok_or_else(too_large)
}

/// The body; none when it is longer than `most`, and then nothing of it is kept.
async fn gather(body: Body, most: usize) -> Result<Option<Vec<u8>>, axum::Error> {
    let mut parts = body.into_data_stream();
    let (mut bytes, mut seen) = (Vec::new(), 0_usize);
    while let Some(part) = parts.next().await {
        let part = part?;
        seen = seen.saturating_add(part.len());
        if seen <= most {
            bytes.extend_from_slice(&part);
        } else if seen > most.saturating_add(DISCARD_BYTES_MAX) {
            break;
        }
    }
    Ok((seen <= most).then_some(bytes))
}

/// Reads and forgets what a refused client is still sending, within bounds: many clients read no answer before they have sent all.
pub(crate) async fn discard(body: Body) {
    let _ = tokio::time::timeout(DISCARD_TIME_MAX, gather(body, 0)).await;
}

fn unpack(headers: &HeaderMap, bytes: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    let encoding = headers.get(header::CONTENT_ENCODING).map_or(Ok(""), |value| value.to_str());
    match encoding.unwrap_or("?").trim() {
        "" | "identity" => Ok(bytes),
        "zstd" => unzstd(&bytes),
        "gzip" => ungzip(&bytes),
        _ => Err(Refusal::because(ErrorCode::BadRequest, "bodies are taken plain, gzip or zstd")
            .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
    }
}

/// Reads JSON; what does not fit is the client's fault.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| {
        let detail =
            format!("not the JSON that is wanted here, line {} column {}", error.line(), error.column());
        Refusal::because(ErrorCode::BadRequest, detail)
    })
}

fn too_large() -> Refusal {
    Refusal::because(
        ErrorCode::TooLarge,
        format!("a request has at most {REQUEST_BYTES_MAX} bytes, packed and unpacked"),
    )
}

/// Straight into a buffer of bounded size: the frame's window, which the sender chooses, costs nothing.
fn unzstd(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    if zstd::zstd_safe::get_frame_content_size(bytes)
        .ok()
        .flatten()
        .is_some_and(|size| size > REQUEST_BYTES_MAX as u64)
    {
        return Err(too_large());
    }
    zstd::bulk::decompress(bytes, REQUEST_BYTES_MAX).map_err(|error| {
        let small = error.to_string().contains("too small");
        if small { too_large() } else { Refusal::because(ErrorCode::BadRequest, "the body is not zstd") }
    })
}

fn ungzip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    let read =
        flate2::read::MultiGzDecoder::new(bytes).take(REQUEST_BYTES_MAX as u64 + 1).read_to_end(&mut out);
    match read {
        Ok(length) if length > REQUEST_BYTES_MAX => Err(too_large()),
        Ok(_) => Ok(out),
        Err(_) => Err(Refusal::because(ErrorCode::BadRequest, "the body is not gzip")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(result: Result<Vec<u8>, Refusal>) -> Option<ErrorCode> {
        result.err().map(|refusal| refusal.code)
    }

    #[test]
    fn a_bomb_is_refused_and_the_longest_body_is_taken() {
        let longest = vec![7; REQUEST_BYTES_MAX];
        assert_eq!(unzstd(&zstd::encode_all(&longest[..], 3).unwrap()).unwrap().len(), REQUEST_BYTES_MAX);
        let bomb = vec![0; 64 * REQUEST_BYTES_MAX];
        assert_eq!(code(unzstd(&zstd::encode_all(&bomb[..], 3).unwrap())), Some(ErrorCode::TooLarge));
        assert_eq!(code(unzstd(&zstd::bulk::compress(&bomb, 3).unwrap())), Some(ErrorCode::TooLarge));
        assert_eq!(code(unzstd(b"<html>")), Some(ErrorCode::BadRequest));
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packer, &bomb).unwrap();
        assert_eq!(code(ungzip(&packer.finish().unwrap())), Some(ErrorCode::TooLarge));
        assert_eq!(code(ungzip(b"no")), Some(ErrorCode::BadRequest));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = unzstd(&bytes);
            let _ = ungzip(&bytes);
            let _ = parse::<usher_protocol::sync::SyncRequest>(&bytes);
        }
    }
}
