# Everything that lab/build and lab/run share. Sourced, never run.
# shellcheck shell=bash
# shellcheck source=common.bash
source "$lab/parts/common.bash"
# shellcheck source=debian.bash
source "$lab/parts/debian.bash"
# shellcheck source=kernel.bash
source "$lab/parts/kernel.bash"
# shellcheck source=root.bash
source "$lab/parts/root.bash"
# shellcheck source=images.bash
source "$lab/parts/images.bash"
# shellcheck source=disk.bash
source "$lab/parts/disk.bash"
# shellcheck source=boot.bash
source "$lab/parts/boot.bash"
