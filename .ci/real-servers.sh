#!/usr/bin/env bash
# Real PostgreSQL 17 with pgvector and a real Redis for the test suites, where no Docker runs.
#
#   .ci/real-servers.sh start <folder>   makes the servers' data in <folder>, starts them on free loopback
#                                        ports and writes TEST_DATABASE_URL and TEST_REDIS_URL to <folder>/urls
#   .ci/real-servers.sh stop <folder>    stops them by their process ids
#
# The programs live in a Debian tree, made once and kept in DESKBELL_CI_CACHE
# (default: /var/cache/deskbell-ci). Needs root, for debootstrap and chroot only: the servers do not run as root.
set -euo pipefail

cache=${DESKBELL_CI_CACHE:-/var/cache/deskbell-ci}
packages=postgresql-17,postgresql-17-pgvector,redis-server
suite=trixie
tree=$cache/$suite

say() { printf '%s\n' "$*" >&2; }

# The Debian mirror that this machine's own apt uses; never one of ours.
debian_mirror() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 2>/dev/null |
    awk '$2 == "Debian" && $1 !~ /security/ { print $1; exit }')
  if [ -z "$mirror" ]; then
    apt-get update -qq
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' |
      awk '$2 == "Debian" && $1 !~ /security/ { print $1; exit }')
  fi
  [ -n "$mirror" ] || { say 'No Debian mirror among the apt sources of this machine.'; return 1; }
  printf '%s\n' "$mirror"
}

build_tree() {
  [ -x "$tree/usr/lib/postgresql/17/bin/postgres" ] && [ -x "$tree/usr/bin/redis-server" ] &&
    [ -f "$tree/.complete" ] && return
  if ! command -v debootstrap >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap >&2
  fi
  mkdir -p "$cache"
  local half
  half=$(mktemp -d "$cache/half.XXXXXX")
  chmod 755 "$half"
  say "Building the Debian $suite tree for the test servers."
  debootstrap --variant=minbase --include="$packages" "$suite" "$half" "$(debian_mirror)" >"$cache/debootstrap.log" 2>&1 ||
    { tail -20 "$cache/debootstrap.log" >&2; return 1; }
  rm -rf "$half"/var/cache/apt/archives/*.deb
  touch "$half/.complete"
  rm -rf "$tree"
  mv "$half" "$tree"
}

# Below the range that outgoing connections take theirs from: a server that is started again gets its port back.
free_port() {
  node -e '
    const { createServer } = require("node:net");
    const look = () => {
      const port = 12000 + Math.floor(Math.random() * 20000);
      const server = createServer().on("error", look);
      server.listen(port, "127.0.0.1", () => { console.log(port); server.close(); });
    };
    look();'
}

in_tree() { # user, command...
  local user=$1
  shift
  chroot --userspec="$user" "$tree" /usr/bin/env LC_ALL=C.UTF-8 PATH=/usr/lib/postgresql/17/bin:/usr/bin:/bin "$@"
}

# In the place of this (sub)shell, so that $! is the server itself and not a shell around it.
become_in_tree() { # user, command...
  local user=$1
  shift
  exec chroot --userspec="$user" "$tree" /usr/bin/env LC_ALL=C.UTF-8 PATH=/usr/lib/postgresql/17/bin:/usr/bin:/bin "$@"
}

wait_for() { # what, command...
  local what=$1
  shift
  for _ in $(seq 1 150); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  say "$what did not start."
  return 1
}

start() {
  local folder=$1 name inner password database_port redis_port
  build_tree
  mkdir -p "$folder"
  name=run/deskbell-$(basename "$(mktemp -u "XXXXXXXX")")
  inner=/$name
  mkdir -p "$tree$inner/postgres" "$tree$inner/redis"
  chroot "$tree" chown postgres: "$inner/postgres"
  chroot "$tree" chown redis: "$inner/redis"
  # A mini tree has no /dev/urandom and /dev/shm of its own until they are made.
  [ -c "$tree/dev/urandom" ] || mknod -m 666 "$tree/dev/urandom" c 1 9
  [ -c "$tree/dev/null" ] || mknod -m 666 "$tree/dev/null" c 1 3
  mkdir -p -m 1777 "$tree/dev/shm"
  password=$(node -p 'require("node:crypto").randomBytes(12).toString("hex")')
  database_port=$(free_port)
  redis_port=$(free_port)

  printf '%s\n' "$password" >"$tree$inner/password"
  chmod 644 "$tree$inner/password"
  in_tree postgres:postgres initdb -D "$inner/postgres/data" -U deskbell -A scram-sha-256 \
    --pwfile="$inner/password" --encoding=UTF8 --no-sync >"$folder/initdb.log"
  rm "$tree$inner/password"
  become_in_tree postgres:postgres postgres -D "$inner/postgres/data" -p "$database_port" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories="$inner/postgres" -c max_connections=200 \
    -c dynamic_shared_memory_type=mmap >"$folder/postgres.log" 2>&1 &
  echo $! >"$folder/postgres.pid"
  become_in_tree redis:redis redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$inner/redis" \
    --maxmemory-policy noeviction --appendonly yes >"$folder/redis.log" 2>&1 &
  echo $! >"$folder/redis.pid"
  echo "$tree$inner" >"$folder/data"

  wait_for PostgreSQL in_tree postgres:postgres pg_isready -h 127.0.0.1 -p "$database_port" -U deskbell -d postgres ||
    { cat "$folder/postgres.log" >&2; return 1; }
  wait_for Redis in_tree redis:redis redis-cli -p "$redis_port" ping || { cat "$folder/redis.log" >&2; return 1; }
  {
    echo "export TEST_DATABASE_URL=postgres://deskbell:$password@127.0.0.1:$database_port/postgres"
    echo "export TEST_REDIS_URL=redis://127.0.0.1:$redis_port"
  } >"$folder/urls"
}

stop_one() { # pid file, signal
  local pid
  [ -f "$1" ] || return 0
  pid=$(cat "$1")
  kill "-$2" "$pid" 2>/dev/null || true
  for _ in $(seq 1 50); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$1"
}

stop() {
  stop_one "$1/postgres.pid" INT
  stop_one "$1/redis.pid" TERM
  if [ -f "$1/data" ]; then rm -rf "$(cat "$1/data")"; fi
}

case "${1:-}" in
start) start "$2" ;;
stop) stop "$2" ;;
*) say "usage: $0 start|stop <folder>"; exit 2 ;;
esac
