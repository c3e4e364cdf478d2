# Live push: who is sent what, how fast, and what it costs. Sourced by bench/run.

livetrail_stream=/api/admin/activity/stream

# push NAME SSE PUBLISH: what every server is measured by.
push() {
  for clients in 100 1000; do
    measure "$1: ${clients/1000/1,000} clients, 50/s" --sse "$2" --publish "$3" --conns "$clients" --rate 50
  done
}

# push_fast NAME SSE PUBLISH [MORE [OPTION…]]: a million deliveries a second, and what differs in MORE.
push_fast() {
  measure "$1: 1,000 clients, 1,000/s${4:-}" --sse "$2" --publish "$3" --conns 1000 --rate 1000 --pub-conns 4 "${@:5}"
}

push_unpaced() {
  measure "$1: 1,000 clients, unpaced" --sse "$2" --publish "$3" --conns 1000 --rate 0 --pub-conns 4
}

# Measurements that are compared follow each other.
push_livetrail() {
  local all=("$livetrail_stream" /api/activity)
  # A hundred filters that differ and that everything matches.
  local different=("$livetrail_stream?user_id=!nobody-{F}" /api/activity)
  measure "Livetrail: 1 client, 20/s" --sse "${all[0]}" --publish "${all[1]}" --conns 1 --rate 20
  push Livetrail "${all[@]}"
  measure "Livetrail: 1,000 clients, 50/s, 100 filters" --sse "${different[0]}" --publish "${different[1]}" \
    --conns 1000 --rate 50 --filters 100
  push_fast Livetrail "${all[@]}"
  push_fast Livetrail "${different[@]}" ", 100 filters" --filters 100
  push_fast Livetrail "${all[@]}" ", 53 more stopped" --stopped 53
  push_selective
  push_unpaced Livetrail "${all[@]}"
  push_beside_stopped "${all[@]}"
}

# A hundred filters of which each event matches one.
push_selective() {
  local event=${event/anon-\{N\}/anon-\{F\}}
  push_fast Livetrail "$livetrail_stream?user_id=anon-{F}" /api/activity ", each event for 1 of 100 filters" \
    --filters 100
}

# What stopped clients do to the memory shows where they are many, and where the server has filled what it keeps anyway:
# this comes last.
push_beside_stopped() {
  local options=(--sse "$1" --publish "$2" --conns 100 --rate 1000 --pub-conns 4)
  measure "Livetrail: 100 clients, 1,000/s" "${options[@]}"
  measure "Livetrail: 100 clients, 1,000/s, 1,000 more stopped" "${options[@]}" --stopped 1000
}

# storm NAME SSE PUBLISH
storm() {
  local label="$1: 10,000 clients, 100 missed"
  many_files "$label" || return 0
  say "  $label"
  "$load" storm --label "$label" --sse "$2" --publish "$3" --conns 10000 --missed 100 --source-ips 40 \
    --body "$event" "${common[@]}" >>"$results"
}

# A new server, whose memory nothing has used before.
measure_many() {
  start_livetrail many "$database"
  local label="Livetrail: 10,000 idle clients"
  if many_files "$label"; then
    measure "$label" --sse "$livetrail_stream?user_id=!nobody-{F}" --filters 100 --conns 10000 --source-ips 4
  fi
  storm Livetrail "$livetrail_stream" /api/activity
  stop "$pid"
}

# Whether server and generator may each have 10,000 connections and what they need beside.
many_files() {
  local limit
  limit=$(ulimit -n)
  if [[ $limit == unlimited ]] || ((limit >= 12000)); then return; fi
  say "$1: left out, as only $limit files may be open (ulimit -Hn)"
  return 1
}
