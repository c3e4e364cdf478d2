# nchan 1.3 in nginx (Debian: nginx-light, libnginx-mod-nchan): C, messages in shared memory.
# NCHAN_MODULE names the module where it lies elsewhere. Sourced by bench/run.

nchan_module=${NCHAN_MODULE:-/usr/lib/nginx/modules/ngx_nchan_module.so}
if command -v nginx >/dev/null && [[ -e $nchan_module ]]; then
  say "measuring nchan"
  mkdir -p "$tmp/nchan"
  nchan_port=$((20000 + RANDOM % 10000))
  cat >"$tmp/nchan/nginx.conf" <<CONF
load_module $nchan_module;
daemon off;
worker_processes 1;
pid $tmp/nchan/pid;
error_log $tmp/nchan/error.log;
worker_rlimit_nofile 100000;
events { worker_connections 50000; }
http {
  access_log off;
  client_body_temp_path $tmp/nchan/body;
  proxy_temp_path $tmp/nchan/proxy;
  fastcgi_temp_path $tmp/nchan/fastcgi;
  uwsgi_temp_path $tmp/nchan/uwsgi;
  scgi_temp_path $tmp/nchan/scgi;
  keepalive_requests 1000000000;
  nchan_shared_memory_size 512M;
  server {
    listen 127.0.0.1:$nchan_port;
    location = /publish {
      nchan_publisher;
      nchan_channel_id bench;
      nchan_message_buffer_length 1000;
      nchan_message_timeout 5m;
    }
    location = /subscribe {
      nchan_subscriber eventsource;
      nchan_channel_id bench;
      nchan_subscriber_first_message newest;
    }
  }
}
CONF
  nginx -c "$tmp/nchan/nginx.conf" -p "$tmp/nchan" 2>"$tmp/nchan/start.log" &
  nchan_master=$!
  started+=("$nchan_master")
  for _ in {1..50}; do
    nchan_worker=$(pgrep -P "$nchan_master" | head -1) && break
    sleep 0.1
  done
  if [[ -n $nchan_worker ]]; then
    common=(--addr "127.0.0.1:$nchan_port" --pid "$nchan_worker")
    push nchan /subscribe /publish
    storm nchan /subscribe /publish
  else
    say "nchan did not start: $(tail -1 "$tmp/nchan/start.log")"
  fi
  stop "$nchan_master"
else
  say "nchan is not installed: left out"
fi
