# The guest's root file system, as a tar of mmdebstrap's: Debian with Docker and the runtimes.
# Its variables come from, and go to, the other parts.
# shellcheck shell=bash disable=SC2034,SC2154

packages=(docker.io containerd runc crun iptables iproute2 iputils-ping procps psmisc
  util-linux mount kmod e2fsprogs busybox-static passwd sudo ca-certificates
  redis-tools curl apache2-utils python3-minimal
  trace-cmd strace sqlite3 libsqlite3-0 zstd xz-utils bc file jq less
  podman conmon netavark)

root_key() { digest "$suite" "${packages[@]}" -- "$lab/parts/root.bash"; }

make_root() { # the folder: root.tar, and runsc of another suite
  local has=("${packages[@]}")
  own_apt_start "$suite"
  # containerd's shim program for gVisor is not needed: Docker runs runsc as it runs runc.
  [[ -z $(own_cache show runsc 2>/dev/null | sed 1q) ]] || has+=(runsc)
  [[ -n $(own_cache show docker-cli 2>/dev/null | sed 1q) ]] && has+=(docker-cli)
  local include
  include=$(IFS=, && echo "${has[*]}")
  sources "$suite" >"$1/sources.list"
  apt_settings >"$1/apt.conf"
  quietly mmdebstrap --skip=output/dev --variant=apt --include="$include" --aptopt="$1/apt.conf" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
    "$suite" "$1/root.tar" "$1/sources.list"
  if [[ $suite == bookworm ]] && grep -q backports "$own/sources.list"; then
    add_runsc "$1" runsc/bookworm-backports runsc-backports
  elif [[ $suite == sid ]]; then
    # sid's own is the same source built by a newer Go, in whose goroutines it does not find its way:
    # it panics in half of its starts ("running on goroutine …", "ptrace set regs failed").
    own_apt_start trixie
    add_runsc "$1" runsc runsc-trixie
  fi
}

add_runsc() { # the folder, the package, and the name under which its program goes to /usr/local/bin
  fetch_package "$2" "$1/fetched"
  mkdir -p "$1/added/usr/local/bin"
  cp "$1/fetched/usr/bin/runsc" "$1/added/usr/local/bin/$3"
  rm -rf "$1/fetched"
}
