//! The server that runs on the data folder, by the socket of commands.

use super::finding::Finding;
use crate::{
    cli::connection::{Connection, Remote},
    config::Config,
    server::socket_path,
};
use livetrail_types::Problem;
use reqwest::{Method, Response};
use serde_json::Value;
use tokio::net::UnixStream;

const CHECK: &str = "server";

/// A server that answers on its socket.
pub(super) struct Running {
    pub(super) connection: Connection,
    process: Option<i32>,
}

impl Running {
    /// The server of the data folder, if one runs.
    pub(super) async fn find(config: &Config) -> Option<Self> {
        let socket = UnixStream::connect(socket_path(&config.data_dir)).await.ok()?;
        let process = socket.peer_cred().ok().and_then(|peer| peer.pid());
        let connection = Connection::to_running(Remote::default(), config).await.ok()?;
        Some(Self { connection, process })
    }

    /// Its number, if the system tells it.
    pub(super) fn process(&self) -> Option<i32> {
        self.process
    }

    pub(super) async fn get(&self, path: &str) -> Result<Response, reqwest::Error> {
        self.connection.request(Method::GET, path).send().await
    }

    /// Whether it stores activities, and how far its index is.
    pub(super) async fn check(&self) -> Vec<Finding> {
        let advice = "see the server's log, and docs/operations.md (Probes)";
        let response = match self.get("/readyz").await {
            Ok(response) => response,
            Err(error) => {
                let message = format!("the server does not answer on its socket: {error}");
                return vec![Finding::failure(CHECK, message, "restart the server")];
            }
        };
        if !response.status().is_success() {
            let detail = response.json::<Problem>().await.map(|problem| problem.detail);
            let detail = detail.unwrap_or_else(|_| "the server is not ready".into());
            return vec![Finding::failure(CHECK, detail, advice)];
        }
        let answer: Value = response.json().await.unwrap_or_default();
        vec![Finding::ok(CHECK, "the server stores activities"), index(&answer["index"])]
    }
}

fn index(state: &Value) -> Finding {
    const CHECK: &str = "index";
    match state["state"].as_str() {
        Some("ready") => Finding::ok(CHECK, "the index answers lists and figures"),
        Some("building") => {
            let message =
                format!("the index is being built: {} of {} activities", state["indexed"], state["of"]);
            Finding::warning(CHECK, message, "wait: the database answers meanwhile, which takes longer")
        }
        _ => Finding::failure(
            CHECK,
            "the index has failed, so the database answers lists and figures, which takes longer",
            "see the server's log, then: livetrail index rebuild",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;
    use serde_json::json;

    #[test]
    fn an_index_that_is_built_needs_time_and_one_that_has_failed_a_rebuild() {
        for (state, level) in [
            (json!({"state": "ready"}), Level::Ok),
            (json!({"state": "building", "indexed": 5, "of": 10}), Level::Warning),
            (json!({"state": "failed"}), Level::Failure),
        ] {
            assert_eq!(index(&state).level, level, "{state}");
        }
    }
}
