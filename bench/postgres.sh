# Livetrail over PostgreSQL, beside one INSERT for each request and COPY into the same tables. Sourced by bench/run, which
# runs it with an empty server of its own in $PRIVATE_POSTGRES.

# libpq would take what else a developer has told it.
for name in $(compgen -e | grep '^PG'); do unset "$name"; done

# sql DATABASE OPTION…
sql() {
  psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "${@:2}" "$PRIVATE_POSTGRES/$1"
}

# What one measurement has left to write is not to burden the next, which begins and ends between two checkpoints.
settle() { sql postgres --command=CHECKPOINT; }

# A measurement without durability would say nothing.
require_durability() {
  local lax
  lax=$(sql postgres --command="SELECT name FROM pg_settings WHERE setting <> 'on' AND
    name IN ('fsync', 'synchronous_commit', 'full_page_writes')")
  [[ -z $lax ]] || { say "the server in PRIVATE_POSTGRES is not durable; these are not on:" "$lax" && exit 1; }
}

# The Python of the peer and of COPY: one that has what they need, or one that is gone afterwards.
find_python() {
  python=${PEER_PYTHON:-python3}
  "$python" -c 'import fastapi, psycopg, sqlalchemy, uvicorn' 2>/dev/null && return
  say "installing the peer's packages"
  "$python" -m venv "$tmp/python"
  python=$tmp/python/bin/python
  "$python" -m pip install --quiet --requirement "$bench/peers/requirements.txt" >&2
}

# livetrail_over DATABASE: starts it over a new database, whose size and partitions no earlier measurement has made.
livetrail_over() {
  sql postgres --command="CREATE DATABASE $1"
  start_livetrail "$1" "$PRIVATE_POSTGRES/$1"
  common+=(--pid "$postmaster")
}

measure_single() {
  livetrail_over singles
  ingest_single Livetrail /api/activity
  measure "Livetrail: single, 2,000/s, connections: 64" --publish /api/activity --rate 2000 --pub-conns 64
  stop "$pid"
}

measure_batches() {
  livetrail_over batches
  ingest_batches Livetrail /api/activity
  stop "$pid"
}

# A second node without clients: what it costs to tell it of every batch.
measure_two_nodes() {
  livetrail_over two_nodes
  local first=("${common[@]}") first_pid=$pid
  start_livetrail second_node "$PRIVATE_POSTGRES/two_nodes"
  common=("${first[@]}" --pid "$pid")
  ingest_batches "Livetrail, a second node listens" /api/activity
  stop "$pid"
  stop "$first_pid"
}

measure_one_insert() {
  start one_insert env DATABASE_URL="$PRIVATE_POSTGRES/nine_indexes" "$python" "$bench/peers/queue_per_client.py"
  common=(--addr "$addr" --pid "$pid" --pid "$postmaster")
  ingest_single "One INSERT a request" /activity 16 64
  stop "$pid"
}

# measure_copy NAME DATABASE: what Livetrail has stored of the batches is copied into its activity_logs.
measure_copy() {
  for rows in 1000 8000; do
    say "  COPY, $1: $rows rows a transaction"
    "$python" "$bench/postgres_copy.py" --source "$PRIVATE_POSTGRES/batches" --target "$PRIVATE_POSTGRES/$2" \
      --rows "$rows" --secs "$secs" --pid "$postmaster" --label "COPY, $1: ${rows/%000/,000} rows a transaction" \
      >>"$results"
  done
}

measure_over_postgres() {
  require_durability
  find_python
  postmaster=$(sql postgres --command="SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)")
  store="PostgreSQL $(sql postgres --command='SHOW server_version') with fsync"
  sql postgres --command="CREATE DATABASE nine_indexes" --command="CREATE DATABASE same_table"
  sql nine_indexes --file="$bench/peers/nine_indexes.sql"
  "$bin" migrate --database-url "$PRIVATE_POSTGRES/same_table" --data-dir "$tmp/migrate.data" >&2
  say "measuring Livetrail over PostgreSQL"
  measure_single
  measure_batches
  measure_two_nodes
  say "measuring COPY and one INSERT a request"
  measure_copy "Livetrail's table" same_table
  measure_copy "nine indexes" nine_indexes
  sql nine_indexes --command="TRUNCATE activity_logs"
  measure_one_insert
}
