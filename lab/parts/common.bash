# What lab/build and lab/run share: where things are, how parts are cached. Sourced, never run.
# shellcheck shell=bash

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
repository=$(dirname "$lab")
cache=${KERNEL_FOOTPRINT_LAB_CACHE:-$lab/.cache}
program=${0##*/}
suite=bookworm
# The kernel's release; empty: the suite's newest.
release=""

say() { echo "lab/$program: $*" >&2; }

fail() { # the exit code, and what is wrong
  say "${*:2}"
  exit "$1"
}

check_suite() {
  case $suite in
    bookworm | trixie | sid) ;;
    *) fail 2 "there is no suite $suite; choose bookworm, trixie or sid" ;;
  esac
  [[ -z $release || $release =~ ^[0-9][A-Za-z0-9.+~-]{0,60}$ ]] \
    || fail 2 "'$release' is no kernel's release; 6.1.0-56-amd64 is one"
}

# The kernel that is there as the suite's newest is not made once more for being asked for by its name.
same_kernel() {
  local asked=$release newest
  release=""
  newest=$cache/kernel-$suite-$(kernel_key)/version
  if [[ -n $asked && ! (-e $newest && $(<"$newest") == "$asked") ]]; then release=$asked; fi
}

as_root() { # a command that the machine must do
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  else
    command -v sudo >/dev/null 2>&1 || fail 3 "run as root: $*"
    sudo "$@"
  fi
}

install_missing() { # file-or-command and its package, in pairs
  local missing=()
  while [[ $# -gt 0 ]]; do
    if [[ $1 == /* ]]; then
      [[ -e $1 ]] || missing+=("$2")
    else
      # Debian keeps some of these where a user's PATH does not lead.
      PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null 2>&1 || missing+=("$2")
    fi
    shift 2
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  command -v apt-get >/dev/null 2>&1 \
    || fail 3 "install what your system calls these Debian packages: ${missing[*]}"
  say "installing ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
  if ! { as_root "${apt[@]}" update \
    && as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } >/dev/null; then
    fail 3 "apt-get could not install ${missing[*]}; see its message above"
  fi
}

digest() { # of the words given and of the files below the folders named after --
  {
    while [[ $# -gt 0 && $1 != -- ]]; do
      printf '%s\0' "$1"
      shift
    done
    [[ $# -eq 0 ]] || shift
    # Names relative to the repository, so that a clone elsewhere finds the same parts.
    local file
    while IFS= read -r -d '' file; do
      printf '%s\0' "${file#"$repository"/}" "$(stat -c %a "$file")"
      sha256sum <"$file"
    done < <([[ $# -eq 0 ]] || find "$@" -type f ! -name workload.yaml ! -name '*.pyc' -print0 \
      | LC_ALL=C sort -z)
  } | sha256sum | cut -c 1-16
}

# A part is a folder NAME-DIGEST in the cache. It is made under another name and moved when whole,
# so that an interrupted build goes on where it stood. The two newest of a name are kept: work trees
# that share a cache may differ.
part() { # the folder, and the function that fills one
  local made=$1 make=$2 started=$SECONDS
  local name=${made##*/}
  local draft=$cache/draft-$name
  name=${name%-*}
  if [[ -d $made ]]; then
    touch "$made"
    return 0
  fi
  say "making $name"
  remove "$draft"
  mkdir -p "$draft"
  # Not in a condition: there `set -e` would sleep.
  "$make" "$draft"
  mv "$draft" "$made"
  say "made $name in $((SECONDS - started)) s ($(du -sh "$made" | cut -f 1))"
  local old
  while IFS= read -r old; do
    remove "$old"
  done < <(find "$cache" -maxdepth 1 -name "$name-????????????????" -printf '%T@ %p\n' \
    | sort -rn | sed -n '3,$ s/^[^ ]* //p')
}

remove() { # a folder of the cache
  [[ $1 == "$cache"/* && $1 != *..* ]] || fail 3 "will not remove $1"
  rm -rf --one-file-system "$1"
}

quietly() { # a command, whose words are shown only when it fails; they stay in the cache's log
  if ! "$@" >"$cache/log" 2>&1; then
    tail -n 30 "$cache/log" >&2
    fail 3 "$1 failed; its whole output is in $cache/log"
  fi
}
