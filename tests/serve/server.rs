//! A small invented region in a folder of its own, and a server on it.

use ddu::progress::Silent;
use ddu::sample::{SampleSettings, region};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Six hubs, ten units (the first on an island), three bidders.
fn made() -> &'static TempDir {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let settings = SampleSettings { seed: 7, junctions: 1_000, ddus: 10, bidders: 3 };
        region(&settings, dir.path(), &Silent).unwrap();
        dir
    })
}

/// A copy of the region, to be bent.
pub fn place() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(made().path()).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, dir.path().join(from.file_name().unwrap())).unwrap();
    }
    dir
}

/// The program.
pub fn ddu() -> Command {
    let mut command = Command::new(assert_cmd::Command::cargo_bin("ddu").unwrap().get_program());
    command.env_remove("DDU_THREADS").env_remove("DDU_LOG_FORMAT").env_remove("NO_COLOR");
    command
}

/// Runs a command that must succeed.
pub fn run(folder: &Path, words: &[&str]) {
    let ended = ddu().current_dir(folder).args(words).output().unwrap();
    assert!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// A server that runs; ended when it goes.
pub struct Server {
    child: Child,
    pub address: String,
    said: Arc<Mutex<String>>,
    listener: Option<JoinHandle<()>>,
}

/// An answer: status, content type, body.
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Asserts the status, and gives the JSON.
    #[track_caller]
    pub fn with(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }
}

impl Server {
    /// Serves something in a folder.
    pub fn start(folder: &Path, words: &[&str]) -> Self {
        let mut child = ddu()
            .current_dir(folder)
            .arg("serve")
            .args(words)
            .args(["--bind", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "no server:\n{said}");
            said.push_str(&line);
            if let Some(rest) = line.split("listening on http://").nth(1) {
                break rest.split('/').next().unwrap().to_owned();
            }
        };
        let said = Arc::new(Mutex::new(said));
        let more = Arc::clone(&said);
        let listener = std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                more.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        Self { child, address, said, listener: Some(listener) }
    }

    /// Serves the scenario of a copy of the region.
    pub fn of_scenario(words: &[&str]) -> (TempDir, Self) {
        let dir = place();
        let words: Vec<&str> = std::iter::once("scenario.toml").chain(words.iter().copied()).collect();
        let server = Self::start(dir.path(), &words);
        (dir, server)
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, None)
    }

    pub fn post(&self, path: &str, kind: &str, body: &[u8]) -> Answer {
        self.ask("POST", path, Some((kind, body)))
    }

    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, "application/json", body.to_string().as_bytes())
    }

    fn ask(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("http://{}{path}", self.address);
        let answer = match (method, body) {
            ("POST", Some((kind, body))) => agent.post(&url).content_type(kind).send(body),
            ("DELETE", _) => agent.delete(&url).call(),
            _ => agent.get(&url).call(),
        };
        let mut answer = answer.unwrap_or_else(|e| panic!("{method} {path}: {e}\n{}", self.said()));
        let kind = answer.headers().get("content-type").map_or("", |v| v.to_str().unwrap()).to_owned();
        let mut bytes = Vec::new();
        answer.body_mut().as_reader().read_to_end(&mut bytes).unwrap();
        Answer { status: answer.status().as_u16(), kind, bytes }
    }

    /// Sends bytes as they are, and gives all that comes back until the server closes, or the time is over.
    pub fn raw(&self, bytes: &[u8], time: Duration) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        // The server may close before it has taken all.
        let _ = stream.write_all(bytes);
        stream.set_read_timeout(Some(time)).unwrap();
        let (mut all, mut part) = (Vec::new(), [0; 4_096]);
        while let Ok(n @ 1..) = stream.read(&mut part) {
            all.extend_from_slice(&part[..n]);
        }
        String::from_utf8_lossy(&all).into_owned()
    }

    /// Posts a job and waits for its end.
    pub fn job(&self, path: &str, body: &Value) -> Value {
        let job = self.post_json(path, body).with(202);
        self.ended(&job)
    }

    pub fn ended(&self, job: &Value) -> Value {
        let url = format!("{}?wait=20", job["url"].as_str().unwrap());
        loop {
            let job = self.get(&url).with(200);
            if job["state"] != "queued" && job["state"] != "running" {
                return job;
            }
        }
    }

    /// A file of a job.
    pub fn file(&self, job: &Value, name: &str) -> Vec<u8> {
        let answer = self.get(&format!("{}/files/{name}", job["url"].as_str().unwrap()));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.bytes
    }

    /// Waits until something holds.
    pub fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < Duration::from_secs(120), "{what} never came:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the award is at hand.
    pub fn award(&self) {
        self.until("the award", |server| server.get("/v1/status").json()["award"]["state"] == "ready");
    }

    pub fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.id().to_string()]).status().unwrap().success());
    }

    /// Exit code and all that was said.
    pub fn end(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        self.listener.take().unwrap().join().unwrap();
        (status.code(), self.said())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
