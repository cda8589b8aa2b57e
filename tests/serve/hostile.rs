//! Malformed, huge, slow and foreign requests: refused one by one, while the server goes on.

use crate::server::Server;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(5);

fn status(answer: &str) -> Option<u16> {
    answer.split(' ').nth(1)?.parse().ok()
}

#[test]
fn what_is_no_request_is_refused() {
    let (_dir, server) = Server::of_scenario(&["--max-body-mib", "1"]);
    let host = "Host: localhost\r\n";
    let long = "1,1;".repeat(20_000);
    for (request, expected) in [
        ("no request at all\r\n\r\n".to_owned(), 400),
        (format!("GET /\u{0} HTTP/1.1\r\n{host}\r\n"), 400),
        (format!("GET / HTTP/1.1\r\n{host}{}\r\n", "X: y\r\n".repeat(1_000)), 431),
        (format!("GET /route/v1/driving/{long} HTTP/1.1\r\n{host}\r\n"), 414),
        (
            format!(
                "POST /v1/award HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 9999999\r\n\r\n"
            ),
            413,
        ),
        (format!("POST /v1/award HTTP/1.1\r\n{host}Content-Length: 2\r\n\r\n{{}}"), 415),
        (
            format!(
                "POST /v1/award HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 3\r\n\r\n{{}}}}"
            ),
            400,
        ),
        (format!("BREW / HTTP/1.1\r\n{host}\r\n"), 405),
        ("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n".to_owned(), 421),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 421),
        (format!("GET /route/v1/driving/%FF%FE HTTP/1.1\r\n{host}\r\n"), 400),
    ] {
        let answer = server.raw(request.as_bytes(), SOON);
        assert_eq!(status(&answer), Some(expected), "{}: {answer}", &request[..request.len().min(200)]);
    }
    // A body longer than it may be that does not say its length.
    let chunk = format!("{:x}\r\n{}\r\n", 100_000, "x".repeat(100_000));
    let body = format!(
        "POST /v1/award HTTP/1.1\r\n{host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        chunk.repeat(20)
    );
    assert_eq!(status(&server.raw(body.as_bytes(), SOON)), Some(413));
    assert_eq!(server.get("/nothing").with(404)["error"]["code"], "NotFound");
    assert_eq!(server.post("/v1/award", "application/json", b"{").with(400)["error"]["code"], "InvalidRequest");
    server.get("/v1/status").with(200);
}

#[test]
fn a_slow_head_and_a_slow_body_are_given_up() {
    let (_dir, server) = Server::of_scenario(&["--request-seconds", "2"]);
    let start = Instant::now();
    // One byte a second, and never an end.
    let mut head = TcpStream::connect(&server.address).unwrap();
    let mut body = TcpStream::connect(&server.address).unwrap();
    head.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ").unwrap();
    body.write_all(
        b"POST /v1/award HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\n",
    )
    .unwrap();
    let drip = |mut stream: TcpStream| {
        std::thread::spawn(move || {
            let mut answer = String::new();
            while stream.write_all(b"x").is_ok() && start.elapsed() < Duration::from_secs(60) {
                stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
                let mut part = [0; 1_024];
                match stream.read(&mut part) {
                    Ok(0) => break,
                    Ok(n) => answer.push_str(&String::from_utf8_lossy(&part[..n])),
                    Err(_) => {}
                }
            }
            (answer, start.elapsed())
        })
    };
    let (head, body) = (drip(head), drip(body));
    // Others are served meanwhile.
    server.get("/v1/status").with(200);
    let (answer, took) = body.join().unwrap();
    assert_eq!(status(&answer), Some(408), "{answer}");
    assert!(took < Duration::from_secs(30), "{took:?}");
    let (answer, took) = head.join().unwrap();
    assert!(matches!(status(&answer), None | Some(408)) && took < Duration::from_secs(40), "{answer} {took:?}");
}

#[test]
fn every_address_is_described() {
    let (_dir, server) = Server::of_scenario(&[]);
    let document: Value = server.get("/openapi.json").with(200);
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let source = include_str!("../../src/serve/app.rs");
    let routes = source.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace("{*", "{"));
    let undone = ["/match/", "/trip/", "/tile/"];
    let mut known: Vec<String> = routes.filter(|route| !undone.iter().any(|u| route.starts_with(u))).collect();
    known.sort();
    let mut described: Vec<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
    described.sort();
    assert_eq!(known, described);
    // References lead somewhere.
    let text = document.to_string();
    for name in text.split("#/components/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(!document.pointer(&format!("/components/{name}")).unwrap_or(&Value::Null).is_null(), "{name}");
    }
}

#[test]
fn many_at_once_are_all_answered() {
    let (_dir, server) = Server::of_scenario(&["--max-connections", "8"]);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                for _ in 0..20 {
                    server.get("/v1/status").with(200);
                }
            });
        }
    });
    assert_eq!(server.post_json("/v1/what-if", &json!({"x": 1})).status, 400);
}

/// The log holds addresses by their pattern and nothing else of a request.
#[test]
fn the_log_tells_nothing_of_what_is_asked() {
    let (_dir, server) = Server::of_scenario(&[]);
    server.get("/route/v1/driving/-83.12345,39.54321;-83.2,39.6?steps=true");
    server.get("/v1/jobs/some-secret-id");
    server.get("/no-such-secret");
    server.until("log lines", |server| server.said().contains("unknown"));
    let said = server.said();
    assert!(said.contains("GET /route/{version}/{profile}/{*coordinates}"), "{said}");
    assert!(said.contains("404 GET /v1/jobs/{id}"), "{said}");
    assert!(!said.contains("secret") && !said.contains("12345"), "{said}");
}
