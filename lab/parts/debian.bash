# Debian's archive, as this machine's apt knows it. No host name is written in a file of ours.
# Its variables come from, and go to, the other parts.
# shellcheck shell=bash disable=SC2034,SC2154

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# $mirror and $security: the archive's addresses, the second one possibly empty.
find_mirror() {
  mirror=${KERNEL_FOOTPRINT_LAB_MIRROR:-}
  security=""
  local format label origin uri target
  format=$(printf "\$(ORIGIN)\t\$(LABEL)\t\$(REPO_URI)")
  while IFS=$'\t' read -r origin label uri; do
    [[ $origin == Debian ]] || continue
    case $label in
      Debian) [[ -n $mirror ]] || mirror=$uri ;;
      Debian-Security) [[ -n $security ]] || security=$uri ;;
    esac
  done < <(apt-get indextargets --format "$format" "Identifier: Packages" 2>/dev/null || true)
  if [[ -z $mirror ]]; then
    # Before the first `apt-get update` apt knows addresses, but not whose they are.
    while IFS= read -r target; do
      [[ $target != */debian/ ]] || { mirror=$target && break; }
    done < <(apt-get indextargets --format "\$(REPO_URI)" "Identifier: Packages" 2>/dev/null || true)
  fi
  [[ -n $mirror ]] || fail 3 "apt knows no mirror of Debian here: run apt-get update, or put the" \
    "address of one into KERNEL_FOOTPRINT_LAB_MIRROR"
}

reaches() { # whether an archive at an address has a suite
  local to
  to=$(mktemp -d "$cache/reach.XXXXXX")
  local answer=0
  /usr/lib/apt/apt-helper download-file "${1%/}/dists/$2/InRelease" "$to/InRelease" \
    >/dev/null 2>&1 || answer=1
  rm -rf "$to"
  return "$answer"
}

sources() { # apt's lines for a Debian suite, with its backports when asked for
  local signed=""
  [[ ! -e $keyring ]] || signed="[signed-by=$keyring] "
  echo "deb $signed$mirror $1 main"
  [[ $1 != sid ]] || return 0
  [[ -z $security ]] || echo "deb $signed$security $1-security main"
  [[ ${2:-} != backports ]] || ! reaches "$mirror" "$1-backports" \
    || echo "deb $signed$mirror $1-backports main"
}

# The settings without which this machine's apt would not get through to its mirror.
apt_settings() {
  apt-config dump | grep -E '^Acquire::(Check-|http::|https::|Retries|ForceIPv)' || true
}

# An apt of our own for a suite, to fetch single packages: apart from the machine's, without root.
own_apt_start() { # the suite
  own=$cache/apt-$1
  mkdir -p "$own"/{lists/partial,archives/partial,debs}
  sources "$1" backports >"$own/sources.list"
  : >"$own/status"
  own_apt=(apt-get -qq -o "Dir::Etc::sourcelist=$own/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::Lists=$own/lists" -o "Dir::State::status=$own/status"
    -o "Dir::Cache::archives=$own/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    -o APT::Architectures::=amd64 -o APT::Update::Post-Invoke-Success=
    -o APT::Sandbox::User= -o Acquire::Languages=none)
  quietly "${own_apt[@]}" update
}

own_cache() { # apt-cache over the same lists
  apt-cache "${own_apt[@]:2}" "$@"
}

fetch_package() { # a package, or package/suite; unpacks it into a folder
  local folder
  folder=$(mktemp -d "$own/debs/XXXXXX")
  (cd "$folder" && quietly "${own_apt[@]}" download "$1")
  dpkg-deb -x "$folder"/*.deb "$2"
  rm -rf "$folder"
}
