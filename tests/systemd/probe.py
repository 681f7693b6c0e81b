"""Tries to get out of the sandbox of the unit, from within it. One line a try: held or OPEN, what, how it ended."""
import ctypes, errno, os, socket, struct, sys, threading

libc = ctypes.CDLL(None, use_errno=True)
E = errno.errorcode


def told(what, held, how):
    print(f"{'held' if held else 'OPEN'}\t{what}\t{how}", flush=True)


def call(what, number, *args):
    ctypes.set_errno(0)
    got = libc.syscall(number, *args)
    e = ctypes.get_errno()
    # Refused is refused; any other error means that the call itself was let through.
    told(what, got < 0 and e in (errno.EPERM, errno.EACCES, errno.ENOSYS), E.get(e, e) if got < 0 else f"returned {got}")


def file(what, action):
    try:
        action()
        told(what, False, "done")
    except OSError as e:
        told(what, e.errno in (errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOENT, errno.ENODEV), E.get(e.errno, e.errno))


def written(path):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.close(fd)


# Writing: only the state folder.
own = os.environ["STATE_DIRECTORY"] + "/probe"
written(own)
print(f"control\twrite own state\t{os.path.exists(own)}")
for folder in ["/etc", "/etc/tollwatch", "/usr", "/usr/bin", "/var", "/var/lib", "/var/log", "/root", "/home", "/boot", "/opt", "/srv", "/",
               "/run", "/run/systemd", "/dev", "/dev/shm", "/sys", "/proc/sys/kernel"]:
    file(f"write in {folder}", lambda: written(f"{folder}/tollwatch-probe"))
file("write to the program", lambda: os.close(os.open("/usr/bin/tollwatch", os.O_WRONLY)))
file("set the setuid bit", lambda: os.chmod(own, 0o4755))
file("give a file away", lambda: os.chown(own, 0, 0))
file("make a device", lambda: os.mknod(os.environ["STATE_DIRECTORY"] + "/dev", 0o020600, os.makedev(1, 1)))

# Reading what is others'.
file("read /etc/shadow", lambda: open("/etc/shadow").read())
file("list /root", lambda: os.listdir("/root"))
file("read the environment of PID 1", lambda: open("/proc/1/environ").read())
foreign = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        foreign += [pid] if os.stat(f"/proc/{pid}").st_uid != os.getuid() else []
    except OSError:
        pass
told("see processes of others in /proc", not foreign, " ".join(foreign) or "none")
for path in ["/proc/kallsyms", "/proc/kcore", "/proc/sys/kernel/random/boot_id", "/proc/modules", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda"]:
    file(f"read {path}", lambda: os.close(os.open(path, os.O_RDONLY)))

# Other programs.
for program in ["/bin/true", "/bin/sh", "/usr/bin/env"]:
    def run():
        pid = os.fork()
        if pid == 0:
            try:
                os.execv(program, [program])
            except OSError as e:
                os._exit(100 + e.errno)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if status >= 100:
            raise OSError(status - 100, "")
    file(f"exec {program}", run)


def own_program():
    path = os.environ["STATE_DIRECTORY"] + "/program"
    with open("/bin/true", "rb") as source, open(path, "wb") as copy:
        copy.write(source.read())
    os.chmod(path, 0o755)
    pid = os.fork()
    if pid == 0:
        try:
            os.execv(path, [path])
        except OSError as e:
            os._exit(100 + e.errno)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status >= 100:
        raise OSError(status - 100, "")


file("exec a program written to the state folder", own_program)

# Calls of the kernel, by their numbers on x86-64.
for what, number, *args in [
    ("ptrace", 101, 16, os.getppid(), 0, 0), ("process_vm_readv", 310, os.getppid(), 0, 0, 0, 0, 0),
    ("io_uring_setup", 425, 1, 0), ("io_uring_enter", 426, 0, 0, 0, 0, 0, 0), ("io_setup", 206, 1, 0),
    ("keyctl", 250, 0, -3, 0, 0, 0), ("add_key", 248, b"user", b"probe", b"x", 1, -3), ("request_key", 249, b"user", b"probe", 0, 0),
    ("unshare a user namespace", 272, 0x10000000), ("unshare a mount namespace", 272, 0x00020000), ("setns", 308, 0, 0),
    ("mount", 165, b"none", b"/tmp", b"tmpfs", 0, 0), ("umount", 166, b"/tmp", 0), ("pivot_root", 155, b"/", b"/"), ("chroot", 161, b"/"),
    ("bpf", 321, 0, 0, 0), ("perf_event_open", 298, 0, 0, -1, -1, 0), ("userfaultfd", 323, 0), ("init_module", 175, 0, 0, b""),
    ("kexec_load", 246, 0, 0, 0, 0), ("reboot", 169, 0xfee1dead, 672274793, 0, 0), ("settimeofday", 164, 0, 0), ("clock_settime", 227, 0, 0),
    ("adjtimex", 159, 0), ("sethostname", 170, b"x", 1), ("swapon", 167, b"/x", 0), ("iopl", 172, 3), ("setuid", 105, 0), ("setgid", 106, 0),
    ("capset", 126, 0, 0), ("personality", 135, 8), ("kcmp", 312, os.getpid(), os.getppid(), 0, 0, 0), ("mlock", 149, 0, 0), ("pkey_alloc", 330, 0, 0),
    ("name_to_handle_at", 303, -100, b"/", 0, 0, 0), ("open_by_handle_at", 304, -100, 0, 0), ("acct", 163, 0), ("quotactl", 179, 0, 0, 0, 0),
    ("syslog", 103, 3, 0, 0), ("remap_file_pages", 216, 0, 0, 0, 0, 0), ("sched_setscheduler to real time", 144, 0, 1, struct.pack("i", 1)),
]:
    call(what, number, *args)

# Memory that can be written and run.
mmap = libc.mmap
mmap.restype, mmap.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
told("map memory to write and run", mmap(None, 4096, 7, 0x22, -1, 0) == ctypes.c_void_p(-1).value, E.get(ctypes.get_errno()))

# Sockets.
for what, *kind in [("raw socket", socket.AF_INET, socket.SOCK_RAW, 1), ("raw IPv6 socket", socket.AF_INET6, socket.SOCK_RAW, 58),
                    ("packet socket", socket.AF_PACKET, socket.SOCK_RAW, 0), ("netlink socket", socket.AF_NETLINK, socket.SOCK_RAW, 0),
                    ("vsock", 40, socket.SOCK_STREAM, 0), ("bluetooth", 31, socket.SOCK_RAW, 0)]:
    try:
        socket.socket(*kind).close()
        told(what, False, "opened")
    except OSError as e:
        told(what, e.errno in (errno.EPERM, errno.EACCES, errno.EAFNOSUPPORT), E.get(e.errno))


def reaches(address, family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(0.4)
        try:
            s.connect((address, 9))
            return True, "connected"
        except OSError as e:
            return False, E.get(e.errno, "timed out")


public = sys.argv[1]
print(f"control\tconnect to {public}\t{reaches(public)[0]}")
for address in sys.argv[2:]:
    reached, how = reaches(address, socket.AF_INET6 if ":" in address else socket.AF_INET)
    told(f"connect to {address}", not reached, how)

# Limits.
started = []


def more():
    stop = threading.Event()
    try:
        for _ in range(200):
            t = threading.Thread(target=stop.wait)
            t.start()
            started.append(t)
    except RuntimeError:
        pass
    stop.set()


more()
told("start 200 threads", len(started) < 64, f"{len(started)} started")
import resource
told("dump core", resource.getrlimit(resource.RLIMIT_CORE) == (0, 0), str(resource.getrlimit(resource.RLIMIT_CORE)))
for name in ["probe", "dev", "program"]:
    try:
        os.unlink(os.environ["STATE_DIRECTORY"] + "/" + name)
    except OSError:
        pass
