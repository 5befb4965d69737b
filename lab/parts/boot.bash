# Starts the guest, once, with a job. Used to prepare the disk and to run.
# Its variables come from, and go to, the other parts.
# shellcheck shell=bash disable=SC2034,SC2154

make_initramfs() { # where; the guest's scripts travel in it, so that a change of them builds nothing
  local work=$1.d version
  version=$(<"$kernel/version")
  rm -rf "$work"
  mkdir -p "$work"/{bin,dev,proc,sys,disk,modules,guest}
  cp "$(PATH=$PATH:/usr/sbin:/sbin command -v busybox)" "$work/bin/busybox"
  cp "$lab"/guest/* "$work/guest/"
  mv "$work/guest/init" "$work/init"
  local module file
  : >"$work/modules/order"
  for module in virtio_pci virtio_blk crc32c_generic ext4; do
    # `insmod PATH` lines, each after those that it needs; some are built in.
    while IFS= read -r file; do
      [[ ! -e $work/modules/$(plain "$file") ]] || continue
      case $file in
        *.xz) xz -dc "$file" ;;
        *.zst) zstd -qdc "$file" ;;
        *) cat "$file" ;;
      esac >"$work/modules/$(plain "$file")"
      plain "$file" >>"$work/modules/order"
    done < <(PATH=$PATH:/usr/sbin:/sbin modprobe -d "$kernel" -S "$version" --show-depends "$module" \
      2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p')
  done
  (cd "$work" && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) | gzip -1 >"$1"
  rm -rf "$work"
}

plain() { # a module's file name without its folder and compression
  local name=${1##*/}
  echo "${name%%.ko*}.ko"
}

# $image: the disk; $shares: PLACE:FOLDER:ro|rw, seen as /lab/PLACE. What the guest's job prints goes to
# where our own output goes; the return value is the job's exit code.
boot_guest() { # snapshot: on to throw away what is written to the disk, or off; the job's words
  local keep=$1 name share tag place folder mode count=0 code=0
  shift
  control=$(mktemp -d "$cache/run.XXXXXX")
  printf '%s\0' "$@" >"$control/words"
  echo "${job_timeout:-0}" >"$control/timeout"
  : >"$control/shares"
  make_initramfs "$control/initramfs"
  local qemu=(qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none -nic none
    -m 4G -device virtio-rng-pci
    -kernel "$kernel/vmlinuz" -initrd "$control/initramfs"
    -drive "file=$image,format=raw,if=virtio,cache=unsafe,snapshot=$keep")
  local words="console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on"
  if [[ ${counted:-0} == 1 ]]; then
    # One CPU: while one of two runs, the clock of the other's tasks would go on.
    qemu+=(-machine q35 -accel "tcg,tb-size=1024" -icount shift=0 -cpu max -smp 1)
    words+=" no_timer_check tsc=reliable clocksource=tsc"
  elif [[ -w /dev/kvm ]] && grep -qwE 'vmx|svm' /proc/cpuinfo; then
    qemu+=(-machine q35 -accel kvm -cpu host -smp 2)
  else
    # One thread emulates all CPUs: with one each, enabling the function tracer hung for minutes.
    qemu+=(-machine q35 -accel "tcg,thread=${threads:-single},tb-size=1024" -cpu max -smp 2)
    words+=" no_timer_check tsc=reliable clocksource=tsc"
  fi
  for share in "control:$control:rw" "${shares[@]}"; do
    place=${share%%:*} mode=${share##*:}
    folder=${share#*:} folder=${folder%:*}
    tag=share$((count++))
    echo "$tag $mode $place" >>"$control/shares"
    # In qemu's options two commas are one.
    name=local,path=${folder//,/,,},mount_tag=$tag,security_model=none,multidevs=remap
    [[ $mode == rw ]] || name+=,readonly=on
    qemu+=(-virtfs "$name")
  done
  if [[ ${interactive:-0} == 1 ]]; then
    words+=" lab.shell"
    "${qemu[@]}" -append "$words" -serial mon:stdio || code=$?
  else
    # The job's two outputs come through ports of their own, so that no kernel message is among
    # them; through pipes, since qemu cannot append to a terminal.
    mkfifo "$control/stdout" "$control/stderr"
    cat "$control/stdout" &
    local readers=($!)
    cat "$control/stderr" >&2 &
    readers+=($!)
    exec {job_out}>"$control/stdout" {job_err}>"$control/stderr"
    qemu+=(-append "$words" -serial "file:$control/console" -device virtio-serial-pci
      -add-fd "fd=$job_out,set=1" -chardev "file,id=out,path=/dev/fdset/1,append=on"
      -device "virtserialport,chardev=out,name=lab.out"
      -add-fd "fd=$job_err,set=2" -chardev "file,id=err,path=/dev/fdset/2,append=on"
      -device "virtserialport,chardev=err,name=lab.err")
    # The guest counts the job's time; this is for a guest that hangs.
    local limit=0
    [[ ${job_timeout:-0} -eq 0 ]] || limit=$((job_timeout + 240))
    timeout --kill-after=5 "$limit" "${qemu[@]}" </dev/null >"$control/qemu" 2>&1 &
    guest=$!
    exec {job_out}>&- {job_err}>&-
    trap 'stop_guest 130' INT
    trap 'stop_guest 143' TERM
    trap 'stop_guest 129' HUP
    wait "$guest" || code=$?
    wait "${readers[@]}" || true
    trap - INT TERM HUP
  fi
  if [[ -s $control/code ]]; then
    code=$(<"$control/code")
  elif [[ $code -eq 124 ]]; then
    say "the guest did not end when its time was over"
  elif [[ ${interactive:-0} != 1 ]]; then
    say "the guest ended without an answer; the last lines of its console and of qemu:"
    tail -n 20 "$control/console" "$control/qemu" >&2 || true
    code=3
  fi
  remove "$control"
  return "$code"
}

stop_guest() { # the exit code
  kill "$guest" 2>/dev/null || true
  wait "$guest" 2>/dev/null || true
  remove "$control"
  exit "$1"
}
