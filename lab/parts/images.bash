# The workloads' images: each built from its own Dockerfile by buildah, which needs no engine, over a
# base that mmdebstrap makes in the place of Docker Hub's debian:bookworm-slim.
# Its variables come from, and go to, the other parts.
# shellcheck shell=bash disable=SC2034,SC2154

workloads=(redis-server python_tornado node_auth)
image_suite=bookworm # whatever the guest's: the same image is compared across kernels

base_key() { digest "$image_suite" -- "$lab/parts/images.bash"; }

make_base() { # the folder: base.tar
  sources "$image_suite" >"$1/sources.list"
  apt_settings >"$1/apt.conf"
  # Like the image that it stands for: no manuals, and no service is started by its installation.
  # shellcheck disable=SC2016 # mmdebstrap's shell expands $1
  quietly mmdebstrap --skip=output/dev --variant=minbase --aptopt="$1/apt.conf" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
    --customize-hook='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"' \
    --customize-hook='chmod 755 "$1/usr/sbin/policy-rc.d"' \
    "$image_suite" "$1/base.tar" "$1/sources.list"
}

images_key() {
  local folders=() name
  for name in "${workloads[@]}"; do folders+=("$repository/docker_containers/$name"); done
  digest "$(base_key)" -- "$lab/parts/images.bash" "${folders[@]}"
}

make_images() { # the folder: NAME.tar for each workload, as `docker load` reads it
  local store=$1/store
  own_buildah=(buildah --root "$store/root" --runroot "$store/run" --storage-driver vfs)
  printf 'FROM scratch\nADD base.tar /\nCMD ["bash"]\n' >"$1/Dockerfile"
  local bud=(bud --isolation chroot --format docker --layers=false)
  quietly "${own_buildah[@]}" "${bud[@]}" -t localhost/base -f "$1/Dockerfile" "$base"
  local name
  for name in "${workloads[@]}"; do
    say "  kernel-footprint/$name"
    # What a Dockerfile copies is all that its folder has; workload.yaml is not in the image.
    quietly "${own_buildah[@]}" "${bud[@]}" --pull-never --build-arg BASE=localhost/base \
      -t "docker.io/kernel-footprint/$name:latest" "$repository/docker_containers/$name"
    quietly "${own_buildah[@]}" push "docker.io/kernel-footprint/$name:latest" \
      "docker-archive:$1/$name.tar:kernel-footprint/$name:latest"
  done
  rm -rf "$store" "$1/Dockerfile"
}
