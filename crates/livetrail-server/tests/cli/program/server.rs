use super::{EventStream, Finished, Process};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header::HeaderMap};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::{net::TcpStream, process::Command};

/// A server that is running.
pub(crate) struct Serving {
    pub(crate) process: Process,
    /// Address and port.
    pub(crate) address: String,
    pub(crate) base_url: String,
    pub(crate) client: Client,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Serving {
    /// Starts a server and waits until it listens.
    pub(crate) fn start(command: Command) -> Self {
        let process = Process::start(command);
        let line = process.line();
        let address =
            line.strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self { process, base_url: format!("http://{address}"), address, client: Client::new() }
    }

    /// A connection that HTTP is yet to be spoken on.
    pub(crate) fn connect(&self) -> TcpStream {
        let connection = TcpStream::connect(&self.address).expect("a connection");
        connection.set_read_timeout(Some(super::PATIENCE)).expect("a socket");
        connection
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base_url))
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path).bearer_auth(key)).await.expect("an answer")
    }

    /// Stores one activity or an array of them.
    pub(crate) async fn post(&self, key: &str, body: &Value) -> Answer {
        self.try_to_post(key, body).await.expect("an answer")
    }

    pub(crate) async fn try_to_post(&self, key: &str, body: &Value) -> Result<Answer, reqwest::Error> {
        Answer::to(self.request(Method::POST, "/api/activity").bearer_auth(key).json(body)).await
    }

    pub(crate) async fn is_alive(&self) -> bool {
        let answer = Answer::to(self.request(Method::GET, "/healthz")).await;
        answer.is_ok_and(|answer| answer.status == StatusCode::OK)
    }

    /// The live stream, from `cursor` on if there is one.
    pub(crate) async fn stream(&self, key: &str, cursor: Option<&str>) -> EventStream {
        let request = self.request(Method::GET, "/api/admin/activity/stream").bearer_auth(key);
        EventStream::open(match cursor {
            Some(cursor) => request.header("Last-Event-ID", cursor),
            None => request,
        })
        .await
        .expect("the server is there")
    }

    /// The whole log, oldest first.
    pub(crate) async fn log(&self, key: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let answer = self.get(key, &format!("/api/admin/activity?limit=100{cursor}")).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            all.extend(answer.body["data"].as_array().expect("a page").iter().cloned());
            match answer.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        all.sort_by_key(|activity| activity["position"].as_u64());
        all
    }

    /// Ends it as an operator does.
    pub(crate) fn stop(self) -> Finished {
        self.process.signal(Signal::TERM);
        self.process.finish()
    }

    /// Ends it as a power switch does.
    pub(crate) fn kill(self) {
        self.process.signal(Signal::KILL);
        self.process.finish();
    }
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await?;
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        Ok(Self { status, headers, body: serde_json::from_slice(&bytes).unwrap_or_else(|_| text()) })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn position(&self) -> u64 {
        self.body["position"].as_u64().unwrap_or_else(|| panic!("no position: {self:?}"))
    }
}

/// An activity with nothing but what is required.
pub(crate) fn activity(user_id: &str, action_type: &str) -> Value {
    json!({"user_id": user_id, "action_type": action_type})
}
