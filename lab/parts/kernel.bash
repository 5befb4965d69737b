# The kernel of a suite: Debian's package, unpacked, without the drivers that no virtual machine has.
# Its variables come from, and go to, the other parts.
# shellcheck shell=bash disable=SC2034,SC2154

kernel_key() { digest "$suite" "$release" -- "$lab/parts/kernel.bash"; }

make_kernel() { # the folder: vmlinuz, version, lib/modules
  own_apt_start "$suite"
  local image
  # The cloud kernel would be smaller, but has no 9p.
  image=$(own_cache depends linux-image-amd64 \
    | sed -n 's/^ *Depends: \(linux-image-[0-9].*-amd64\)$/\1/p' | sed 1q)
  [[ -n $image ]] || fail 3 "linux-image-amd64 of $suite names no kernel"
  if [[ -n $release ]]; then
    local newest=$image
    image=linux-image-$release
    [[ -n $(own_cache show "$image" 2>/dev/null | sed 1q) ]] \
      || fail 3 "Debian's archive has no $image for $suite (any more); its newest is $newest"
  fi
  local version=${image#linux-image-}
  # Of late the image's package is empty: the kernel, its modules and their lists are packages of their own.
  local package
  for package in "$image" linux-{base,binary,modules}-"$version"; do
    if [[ $package == "$image" || -n $(own_cache show "$package" 2>/dev/null | sed 1q) ]]; then
      fetch_package "$package" "$1/unpacked"
    fi
  done
  # Debian of today keeps modules below /usr/lib.
  local modules
  modules=$(find "$1/unpacked" -type d -path "*lib/modules/$version" | sed 1q)
  # The kernel itself lies in /boot, of late among its modules.
  local kernel_file=$1/unpacked/boot/vmlinuz-$version
  [[ -e $kernel_file ]] || kernel_file=$modules/vmlinuz
  [[ -n $modules && -e $kernel_file ]] || fail 3 "$image is not shaped as a kernel package was"
  mv "$kernel_file" "$1/vmlinuz"
  mkdir -p "$1/lib/modules"
  mv "$modules" "$1/lib/modules/$version"
  rm -rf "$1/unpacked"
  # In a subshell, whose folder it is, so that no empty variable makes this a removal elsewhere.
  (
    cd "$1/lib/modules/$version/kernel" || exit 3
    rm -rf sound \
      drivers/{gpu,media,iio,hwmon,infiniband,staging,scsi,usb,ata,mtd,isdn,mmc,bluetooth} \
      drivers/{input,hid,leds,mfd,nvme,platform,power,video,thunderbolt,target,i2c,spi} \
      drivers/net/{ethernet,wireless,usb,can,wwan,phy,arcnet,fddi,hamradio,ieee802154}
  )
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$1" "$version"
  echo "$version" >"$1/version"
}
