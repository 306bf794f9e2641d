import { courierStays, property } from "../../helpers/property.ts";
import { onDeno } from "../../helpers/way.ts";

const closedStream = "Rust's standard library opens /dev/null on a standard stream that is closed at start";

// A pipe or a folder that bash opened for the listing itself would show up in it.
const listed =
  `bash -c 'for n in {0..255}; do if [ -L /proc/$$/fd/$n ]; then printf "%s " $n; fi; done; echo'`;

property("no descriptor is added", `"$@" ${listed}`);
property(
  "descriptors 3 to 20 and 200 are passed on",
  `
  for n in {3..20} 200; do eval "exec $n</dev/null"; done; "$@" ${listed}; true`,
);
property(
  "what is read and written through further descriptors arrives",
  `
  echo input >in; exec 3<in 4>out 5>>out
  "$@" bash -c 'cat <&3; echo four >&4; echo five >&5'; cat out`,
);
property(
  "process substitution for reading works",
  `
  "$@" cat <(echo one) <(echo two)`,
);
property(
  "process substitution for writing works",
  `
  echo text | "$@" tee >(cat >copy; echo >done) >/dev/null; until [ -e done ]; do sleep 0.01; done; cat copy`,
);
property(
  "sockets of a service manager are passed on",
  `
  exec 3<>/dev/null 4</etc/hostname
  LISTEN_FDS=2 LISTEN_FDNAMES=a:b "$@" bash -c 'echo $LISTEN_FDS $LISTEN_FDNAMES; readlink /proc/$$/fd/{3,4}'`,
);
property(
  "a pipe of a job server is passed on",
  `
  mkfifo pipe; exec 8<>pipe; echo token >&8; MAKEFLAGS="-j --jobserver-auth=8,8" "$@" bash -c 'read -r word <&8; echo $word'`,
);
property(
  "flags and positions of descriptors are the same",
  `
  seq 100 >in; exec 3<in 4>>out 5<>both; read -r _ <&3; read -r _ <in
  "$@" bash -c 'for n in 0 1 2 3 4 5; do grep -E "^(pos|flags)" /proc/$$/fdinfo/$n; done' <in 2>>out; true`,
);
for (const what of ["eventfd", "epoll", "timerfd", "memfd", "socketpair", "pidfd"]) {
  property(
    `an inherited ${what} is passed on`,
    `
    python3 - ${what} "$@" bash -c 'readlink /proc/$$/fd/50 | tr -d 0-9' <<'PYTHON'
import ctypes, os, select, socket, sys
libc = ctypes.CDLL(None)
poll = select.epoll()
pair = socket.socketpair()
made = {"eventfd": lambda: libc.eventfd(0, 0), "epoll": poll.fileno, "timerfd": lambda: libc.timerfd_create(1, 0),
        "memfd": lambda: libc.memfd_create(b"m", 0), "socketpair": pair[0].fileno,
        "pidfd": lambda: libc.syscall(434, os.getpid(), 0)}[sys.argv[1]]()
os.dup2(made, 50, inheritable=True)
os.execvp(sys.argv[2], sys.argv[2:])
PYTHON`,
    { needs: ["python3"] },
  );
}
// The event loop of a runtime is an epoll with a low number too.
property(
  "an inherited epoll with the lowest number is passed on",
  `
  python3 - "$@" ${listed} <<'PYTHON'
import os, select, sys
poll = select.epoll()
os.dup2(os.pipe()[0], 50, inheritable=True)
poll.register(50)
os.dup2(poll.fileno(), 3)
os.set_inheritable(3, True)
os.execvp(sys.argv[1], sys.argv[1:])
PYTHON`,
  { needs: ["python3"] },
);
for (const [name, redirections] of Object.entries({ input: "<&-", output: ">&-", error: "2>&-" })) {
  property(
    `a standard ${name} that is closed stays closed`,
    `
    "$@" bash -c 'for n in 0 1 2; do [ -L /proc/$$/fd/$n ] || closed+=$n; done; echo $closed 9>list >&9; exit 3' ${redirections}; echo $?; cat list`,
    {
      limits: onDeno(closedStream),
    },
  );
}
property(
  "all standard streams closed stay closed",
  `
  "$@" bash -c '[ -e /proc/$$/fd/0 ]; echo $? >0; [ -e /proc/$$/fd/1 ]; echo $? >1; [ -e /proc/$$/fd/2 ]; echo $? >2' \\
    <&- >&- 2>&-; cat 0 1 2`,
  { limits: onDeno(closedStream) },
);
property(
  "a command runs and ends as ever when the standard streams are closed",
  `
  "$@" bash -c 'echo done >result; exit 4' <&- >&- 2>&-; echo $?; cat result`,
);
property(
  "standard output that is closed is an error for the command alone",
  `
  "$@" cat /etc/hostname >&- 2>message; echo $?; cat message`,
  { limits: onDeno(closedStream) },
);
property(
  "64 MiB pass through standard input and output unchanged",
  `
  head -c 67108864 /dev/zero | "$@" tr '\\0' x | cksum`,
);
property(
  "4 MiB of random bytes pass through unchanged",
  `
  head -c 4194304 /dev/urandom >in; "$@" cat <in >out; cmp in out; "$@" cat <in | cmp - in && echo same`,
);
property(
  "nothing is read from standard input",
  `
  seq 5 >in; exec <in; "$@" true; read -r line; echo $line
  seq 5 | { "$@" true; cat; }`,
);
property("input that ends at once is seen", `"$@" cat </dev/null; echo $?`);
property(
  "nothing is added to standard output and standard error",
  `
  "$@" bash -c 'printf out; printf err >&2' >out 2>err; od -c out; od -c err`,
);
property(
  "standard output and error that are one file stay one",
  `
  "$@" bash -c 'echo 1; echo 2 >&2; echo 3' >both 2>&1; cat both`,
);
property(
  "no O_NONBLOCK is left on the standard streams' pipes",
  `
  mkfifo a b; exec 8<>a 9<>b
  "$@" true <&8 >&9 2>&9; grep flags /proc/$$/fdinfo/8 /proc/$$/fdinfo/9 | cut -d: -f2-
  "$@" bash -c 'grep -h flags /proc/$$/fdinfo/0 /proc/$$/fdinfo/1' <&8 2>&9 | cat`,
);
property(
  "a reader's end closes the pipe of a command in the background",
  `
  "$@" bash -c 'sleep 0.1; echo late' | cat; echo closed`,
  { env: courierStays },
);
property(
  "a lock on an inherited descriptor ends with the command",
  `
  exec 3>lock; flock 3; "$@" true; exec 3>&-; flock -n lock echo free`,
  { needs: ["flock"], env: courierStays },
);
