# The guest's disk: an ext4 image, made from folders, without a mount.
# Its variables come from, and go to, the other parts.
# shellcheck shell=bash disable=SC2034,SC2154

disk_key() { digest "$(root_key)" "$(kernel_key)" -- "$lab/parts/disk.bash"; }

make_disk() { # the folder: disk.raw, Docker's storage still empty
  local tree=$1/tree
  # Owners are in the tar; who is not root pretends to be.
  local fake=()
  [[ $(id -u) -eq 0 ]] || fake=(fakeroot)
  # shellcheck disable=SC2016 # the inner bash expands these
  quietly env PATH="$PATH:/usr/sbin:/sbin" "${fake[@]}" bash -euc '
    mkdir "$1"
    tar -C "$1" --numeric-owner -xf "$2/root.tar"
    [[ ! -d $2/added ]] || cp -a "$2/added/." "$1/"
    mkdir -p "$1"/{lib/modules,lab,dev,proc,sys,run,tmp}
    cp -a "$3/lib/modules/." "$1/lib/modules/"
    mke2fs -q -t ext4 -E lazy_itable_init=0,nodiscard -O ^metadata_csum,^64bit -m 0 -N 300000 \
      -d "$1" "$4" 8G
  ' - "$tree" "$root" "$kernel" "$1/disk.raw"
  rm -rf "$tree"
}

# Docker unpacks its images once, in a guest, into a copy of the disk that lab/run starts from.
prepared_key() { digest "$(disk_key)" "$(images_key)" -- "$lab/guest/prepare"; }

make_prepared() { # the folder: disk.raw
  # A file over the bare disk would keep the cache small, but bind the parts together.
  cp --sparse=always "$disk/disk.raw" "$1/disk.raw"
  image=$1/disk.raw
  shares=("images:$images:ro")
  local threads=multi # nothing is traced, and Docker unpacks with both CPUs
  boot_guest off /run/lab/prepare || fail 3 "the guest could not be prepared"
}
