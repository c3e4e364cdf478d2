//! The command line, and what becomes of the log when a process, a disk or a client fails: the real binary, as its
//! users run it.

mod admin;
mod alert_channels;
mod alert_commands;
mod alert_storm;
mod alerts;
mod backup;
mod clients;
mod config;
mod crash;
mod database;
mod doctor;
mod erase;
mod export;
mod export_checked;
mod faults;
mod folder;
mod grafana;
mod healthcheck;
mod import;
mod index;
mod key;
mod migrate;
mod nodes;
mod outage;
mod postgres;
mod program;
mod published_metrics;
#[path = "../shared/receiver.rs"]
mod receiver;
mod remote;
mod restored;
mod retention;
mod serve;
mod server_log;
mod storm;
mod table_rules;
mod tail;
mod text;
mod tls;
mod traces;
#[path = "../../../livetrail-store/tests/shared/until.rs"]
mod until;
