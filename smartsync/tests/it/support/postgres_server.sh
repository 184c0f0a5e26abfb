# A PostgreSQL server that lives no longer than the process that holds this script's input open, however that ends.
#
#   sh postgres_server.sh FOLDER PROGRAMS PORT [SETTING=VALUE ...]
#
# It answers `ready` when the server runs. On its input it understands `kill` (the server ends at once, as by a crash) and `start`, and answers `done` to each.
set -eu
trap '' INT
folder=$1 programs=$2 port=$3
shift 3

# Passwords go in the clear: to derive a key of each takes a debug build long. `initdb` and the server refuse root.
user=$(id postgres >/dev/null 2>&1 && echo postgres || echo nobody)
unprivileged=
if [ "$(id -u)" -eq 0 ]; then unprivileged="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups"; fi

end() {
  [ -z "${server:-}" ] || { kill -QUIT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  rm -rf "$folder"
}
trap end EXIT

chmod 755 "$folder"
mkdir "$folder/server"
printf '%s' admin >"$folder/password"
chmod 644 "$folder/password"
if [ "$(id -u)" -eq 0 ]; then chown "$user" "$folder/server"; fi
if [ -d "$folder/tls" ]; then
  chmod 600 "$folder/tls/key"
  if [ "$(id -u)" -eq 0 ]; then chown -R "$user" "$folder/tls"; fi
fi
cd "$folder/server"
$unprivileged "$programs/initdb" -D "$folder/server/data" -U admin --pwfile="$folder/password" --auth=password \
  --encoding=UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
for setting in "$@"; do
  printf "%s\n" "$setting" >>"$folder/server/data/postgresql.conf"
done

start() {
  $unprivileged "$programs/postgres" -D "$folder/server/data" -c listen_addresses=127.0.0.1 -c port="$port" \
    -c unix_socket_directories="$folder/server" >>"$folder/server.log" 2>&1 </dev/null &
  server=$!
  tries=0
  until "$programs/pg_isready" -q -h 127.0.0.1 -p "$port"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$server" 2>/dev/null; then
      cat "$folder/server.log" >&2
      exit 1
    fi
    sleep 0.05
  done
}

start
echo ready
while read -r command; do
  case $command in
    kill)
      kill -QUIT "$server"
      wait "$server" || true
      server=
      ;;
    start) start ;;
  esac
  echo done
done
