# durable-streams 0.1 (cargo install --locked durable-streams): Rust, a file for each stream. As in Livetrail, what it
# acknowledges has been synced (--durability wal, its default). Sourced by bench/run.

if command -v durable-streams-server >/dev/null && command -v curl >/dev/null; then
  say "measuring durable-streams"
  durable_port=$((20000 + RANDOM % 10000))
  start durable_streams durable-streams-server --port "$durable_port" --data-dir "$tmp/durable-streams-$round"
  common=(--addr "$addr" --pid "$pid")
  # A stream of JSON: it is pushed as it is, while one of bytes would be pushed in base64.
  curl --silent --show-error --fail --request PUT --header 'Content-Type: application/json' "http://$addr/bench"
  push durable-streams '/bench?offset=now&live=sse' /bench
  push_fast durable-streams '/bench?offset=now&live=sse' /bench
  stop "$pid"
else
  say "durable-streams (cargo install durable-streams) or curl is not installed: left out"
fi
