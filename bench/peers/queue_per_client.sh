# The usual first design of a live log: a web framework, one INSERT for each request, one queue for each client.
# Needs fastapi and uvicorn in $PEER_PYTHON, else in the python3 of PATH. Sourced by bench/run.

peer_python=${PEER_PYTHON:-python3}
if "$peer_python" -c 'import fastapi, uvicorn' 2>/dev/null; then
  say "measuring a queue per client in FastAPI"
  start queue_per_client "$peer_python" "$bench/peers/queue_per_client.py" "$tmp/peer-$round.db"
  common=(--addr "$addr" --pid "$pid")
  ingest_single FastAPI /activity
  measure "FastAPI: 100 clients, 50/s" --sse /stream --publish /activity --conns 100 --rate 50
  stop "$pid"
else
  say "FastAPI is not installed: left out (PEER_PYTHON names another Python)"
fi
