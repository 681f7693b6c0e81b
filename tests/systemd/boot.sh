#!/bin/bash
# Boots a real systemd (PID 1 of namespaces of its own, with its own cgroups, loopback-only network and an overlay of this
# machine's files that is thrown away) and runs commands in it.
#
#   boot.sh up STAGE           boot with the files of STAGE laid over the root; prints the folder of the run
#                              STAGE.addresses: addresses to put on loopback; STAGE.hosts: further lines of /etc/hosts
#   boot.sh exec RUN cmd…      run a command inside, without the right to set the clock or to load modules
#   boot.sh down RUN           switch it off and leave nothing behind
set -u
SELF=$(readlink -f "${BASH_SOURCE[0]}")
TRIM=-sys_time,-sys_module,-sys_rawio,-syslog,-mac_admin,-mac_override,-wake_alarm
INSIDE=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
die() { echo "boot.sh: $*" >&2; exit 2; }

# ---- inside the new namespaces: make the root, then become systemd
init() {
  set -eu
  local RUN=$1 R=$1/root CG=$1/root/sys/fs/cgroup p c
  mount --make-rprivate /
  mkdir -p "$R" "$RUN/over"
  mount -t tmpfs -o size=2G,mode=755 tmpfs "$RUN/over"
  mkdir "$RUN/over/upper" "$RUN/over/work"
  mount -t overlay -o "lowerdir=/,upperdir=$RUN/over/upper,workdir=$RUN/over/work" overlay "$R"
  hostname tollwatch-test; ip link set lo up
  mount -t proc -o nosuid,nodev,noexec proc "$R/proc"
  for p in sys sysrq-trigger bus irq fs; do
    [ -e "$R/proc/$p" ] || continue
    mount --bind "$R/proc/$p" "$R/proc/$p"; mount -o remount,bind,ro,nosuid,nodev,noexec "$R/proc/$p"
  done
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$R/sys"
  mount -t tmpfs -o mode=755,nosuid,strictatime tmpfs "$R/dev"
  mkdir "$R/dev/pts" "$R/dev/shm" "$R/dev/mqueue"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5,nosuid,noexec devpts "$R/dev/pts"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$R/dev/shm"
  mount -t mqueue mqueue "$R/dev/mqueue"
  ln -s pts/ptmx "$R/dev/ptmx"; ln -s /proc/self/fd "$R/dev/fd"
  for p in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${p%:*}" "$R/dev/${p#*:}"; done
  for p in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
    set -- $p; mknod -m 666 "$R/dev/$1" c "$2" "$3"
  done
  mount -t tmpfs -o mode=755,nosuid,nodev,size=256M tmpfs "$R/run"
  mount -t tmpfs -o mode=1777,nosuid,nodev,size=1G tmpfs "$R/tmp"
  if [ -e /sys/fs/cgroup/cgroup.procs ]; then mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$CG"
  else
    mount -t tmpfs -o mode=755,nosuid,nodev,noexec tmpfs "$CG"; mkdir "$CG/unified" "$CG/systemd"
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$CG/unified"
    mount -t cgroup -o nosuid,nodev,noexec,none,name=systemd cgroup "$CG/systemd"
    for c in $(cat "$RUN/controllers"); do mkdir "$CG/$c"
      mount -t cgroup -o "nosuid,nodev,noexec,$c" cgroup "$CG/$c" || rmdir "$CG/$c"
    done
  fi
  rm -f "$R/etc/machine-id"; tr -d - < /proc/sys/kernel/random/uuid > "$R/etc/machine-id"
  printf '127.0.0.1 localhost\n::1 localhost\n' > "$R/etc/hosts"; cat "$RUN/hosts" >> "$R/etc/hosts"
  rm -f "$R/etc/resolv.conf"; : > "$R/etc/resolv.conf"
  rm -rf "$R/var/log/journal" "$R/var/lib/tollwatch"; mkdir -p "$R/etc/systemd/journald.conf.d"
  printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=128M\n' > "$R/etc/systemd/journald.conf.d/test.conf"
  for p in systemd-timesyncd systemd-networkd systemd-resolved systemd-udevd systemd-udev-trigger; do
    ln -sf /dev/null "$R/etc/systemd/system/$p.service"
  done
  # The stage was made by another user's umask; what is laid over the root is root's and readable.
  cp -r --no-preserve=ownership "$RUN/stage/." "$R/"
  for p in $(cat "$RUN/addresses"); do ip addr add "$p" dev lo; done
  cd "$R"; mkdir -p .old; pivot_root . .old; umount -l /.old; rmdir /.old 2>/dev/null || true; cd /
  mount --make-rshared /
  exec env -i PATH=$INSIDE container=tollwatch-test setpriv --bounding-set "$TRIM" --inh-caps -all \
    /lib/systemd/systemd --system --unit=basic.target --log-target=journal-or-kmsg --show-status=no </dev/null
}

# ---- outside
enter_cgroups() { # a group of its own in every hierarchy, for this shell and what it starts
  local name=$1 run=$2 h n own base hierarchies=/sys/fs/cgroup
  : > "$run/cgroups"; : > "$run/controllers"
  [ -e /sys/fs/cgroup/cgroup.procs ] || hierarchies=$(echo /sys/fs/cgroup/*)
  for h in $hierarchies; do
    n=$(basename "$h"); [ -e "$h/cgroup.procs" ] || continue
    case $n in
      unified|cgroup) own=$(awk -F: '$1=="0"{print $3}' /proc/self/cgroup);;
      systemd) own=$(awk -F: '$2=="name=systemd"{print $3}' /proc/self/cgroup);;
      *) own=$(awk -F: -v n="$n" '$2==n{print $3}' /proc/self/cgroup); echo "$n" >> "$run/controllers";;
    esac
    base=$h$own; mkdir -p "$base/$name" || return 1
    if [ "$n" = cpuset ]; then
      cat "$base/cpuset.cpus" > "$base/$name/cpuset.cpus"; cat "$base/cpuset.mems" > "$base/$name/cpuset.mems"
    fi
    echo $BASHPID > "$base/$name/cgroup.procs" || return 1
    echo "$base/$name" >> "$run/cgroups"
  done
}

inside() {
  local p; p=$(cat "$1/init.pid" 2>/dev/null); shift
  [ -n "$p" ] && kill -0 "$p" 2>/dev/null || die "not running"
  nsenter -t "$p" -m -u -i -n -p -C --wdns=/ -- env -i PATH=$INSIDE TERM=dumb LANG=C.UTF-8 SYSTEMD_PAGER= SYSTEMD_COLORS=0 \
    setpriv --bounding-set "$TRIM" --inh-caps -all "$@"
}

up() {
  local stage=$1 run sub p i
  [ "$(id -u)" = 0 ] || die "must be root"
  run=$(mktemp -d "${TMPDIR:-/tmp}/tollwatch-systemd.XXXXXX"); chmod 755 "$run"
  cp -r "$stage" "$run/stage"
  cp "$stage.addresses" "$run/addresses"; cp "$stage.hosts" "$run/hosts"
  ( enter_cgroups "$(basename "$run")" "$run" || exit 9
    exec setsid unshare --cgroup --mount --pid --fork --kill-child=KILL --net --uts --ipc "$SELF" init "$run"
  ) > "$run/boot.log" 2>&1 </dev/null &
  sub=$!
  for i in $(seq 500); do
    p=$(pgrep -P "$sub" | head -1)
    [ -n "$p" ] && [ "$(cat "/proc/$p/comm" 2>/dev/null)" = systemd ] && { echo "$p" > "$run/init.pid"; break; }
    kill -0 "$sub" 2>/dev/null || { p=$(cat "$run/boot.log"); down "$run"; die "boot failed: $p"; }
    sleep 0.02
  done
  [ -s "$run/init.pid" ] || { p=$(cat "$run/boot.log"); kill -KILL "$sub"; down "$run"; die "no systemd: $p"; }
  for i in $(seq 600); do
    p=$(inside "$run" systemctl is-system-running 2>/dev/null)
    case $p in running|degraded) echo "$run"; return;; esac
    sleep 0.05
  done
  down "$run"; die "boot did not finish: $p"
}

down() {
  local run=$1 p i d left; p=$(cat "$run/init.pid" 2>/dev/null)
  # Nothing in it is worth an orderly end.
  [ -n "$p" ] && kill -KILL "$p" 2>/dev/null
  for i in $(seq 100); do left=0
    while read -r d; do
      [ -d "$d" ] && { find "$d" -depth -type d -exec rmdir {} \; 2>/dev/null; [ -d "$d" ] && left=1; }
    done < "$run/cgroups"
    [ $left = 0 ] && break
    sleep 0.05
  done
  rm -rf "$run"
}

case ${1:-} in
  up|down|init) "$@";;
  exec) shift; inside "$@";;
  *) sed -n '2,10p' "$SELF"; exit 2;;
esac
