# shellcheck shell=bash
# For the tests that run inside of the lab: each check prints a line `ok …` or `not ok …`.
set -uo pipefail
export TRACE_DB=$PWD/traces.db
tracing=/sys/kernel/tracing
passed=0
failed=0

check() { # what, and the command that must succeed
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok $what"
  else
    failed=$((failed + 1))
    echo "not ok $what"
  fi
}

note() { echo "# $*"; }

equal() {
  [[ $1 == "$2" ]] || {
    echo "# '$1' is not '$2'"
    return 1
  }
}

sql() { sqlite3 -batch -noheader "$TRACE_DB" "$1"; }

# Nothing of ours is on the machine: no instance, container, folder of pages or half a run.
is_clean() {
  local left=0
  local found
  found=$(find "$tracing/instances" -mindepth 1 -maxdepth 1 -name 'kernel-footprint.*' | head -5)
  [[ -z $found ]] || { echo "# instances: $found" && left=1; }
  found=$(docker ps --all --quiet --filter label=org.kernel-footprint.owner)
  [[ -z $found ]] || { echo "# containers: $found" && left=1; }
  found=$(find /var/tmp -mindepth 1 -maxdepth 1 -name 'kernel-footprint.*' | head -5)
  [[ -z $found ]] || { echo "# folders: $found" && left=1; }
  [[ $(<"$tracing/current_tracer") == nop ]] || { echo "# the top tracer is not nop" && left=1; }
  return $left
}

# Every run of the warehouse is whole: its sums hold, its roll-ups do, and SQLite finds it sound.
is_sound() {
  [[ -e $TRACE_DB ]] || return 0
  equal "$(sql 'PRAGMA integrity_check')" ok || return 1
  equal "$(sql 'SELECT count(*) FROM run WHERE seen <> kept + (
    SELECT coalesce(sum(events), 0) FROM dropped WHERE dropped.run_id = run.run_id)')" 0 || return 1
  equal "$(sql 'SELECT count(*) FROM run WHERE kept <> (
    SELECT coalesce(sum(calls), 0) FROM call WHERE call.run_id = run.run_id)')" 0
}

# Waits until a line appears in a file; fails after SECONDS.
await() { # the file, the pattern, seconds
  local i
  for ((i = 0; i < $3 * 5; i++)); do
    grep -q -- "$2" "$1" 2>/dev/null && return 0
    sleep 0.2
  done
  echo "# '$2' did not appear in $1 within $3 s:"
  sed 's/^/# /' "$1"
  return 1
}

# Somebody else's tracing: an instance that records wake-ups, which nobody may disturb.
other_begin() {
  mkdir "$tracing/instances/somebody-else"
  echo 1 >"$tracing/instances/somebody-else/events/sched/sched_wakeup/enable"
  echo nop >"$tracing/instances/somebody-else/current_tracer"
}
other_is_undisturbed() {
  local instance=$tracing/instances/somebody-else
  [[ -d $instance ]] || { echo "# its instance is gone" && return 1; }
  equal "$(<"$instance/tracing_on")" 1 || return 1
  equal "$(<"$instance/events/sched/sched_wakeup/enable")" 1 || return 1
  [[ $(grep -c sched_wakeup "$instance/trace") -gt 0 ]] || { echo "# it records nothing" && return 1; }
}
other_end() {
  echo 0 >"$tracing/instances/somebody-else/events/enable"
  rmdir "$tracing/instances/somebody-else"
}

# One experiment; its output goes to LOG, which is told when it fails.
experiment() { # the log, then collector's words
  local log=$1
  shift
  collector "$@" >"$log" 2>&1 || {
    echo "# exit $?: collector $*"
    tail -n 12 "$log" | sed 's/^/# /'
    return 1
  }
}

run_is_right() { # runtime, workload: the newest run of it
  local row
  row=$(sql "SELECT status || ' ' || coalesce(lost, 'unknown') || ' ' || (functions > 100) || ' '
    || (syscalls > 2) FROM run_summary WHERE runtime = '$1' AND workload = '$2'
    ORDER BY run_id DESC LIMIT 1")
  equal "$row" 'ok 0 1 1'
}

finish() {
  echo "$passed passed, $failed failed"
  [[ $failed -eq 0 ]]
}
