import { property } from "../../helpers/property.ts";
import { asChild, onBun, onDeno, onDenoSource } from "../../helpers/way.ts";

const noProc = "the runtime cannot start without /proc";
const callerOutside =
  "the runtime raises the limit of open files before our code runs, and the caller is not seen " +
  "from within the container";
const probe = `bash -c 'echo out; echo err >&2; exit 7'`;
const told = `2>&1; echo $?`;

const inNamespaces = { needs: ["unshare", "mount"], root: true };
const inMountNamespace = { ...inNamespaces, mounts: true };

property("HOME unset", `unset HOME; "$@" ${probe} ${told}`);
property("HOME empty", `HOME= "$@" ${probe} ${told}`);
property("HOME that does not exist", `HOME=/no/such/home "$@" ${probe} ${told}`);
property("HOME that is a file", `: >file; HOME=$PWD/file "$@" ${probe} ${told}`, {
  limits: onDenoSource("`deno run` ends when it cannot look for .npmrc in the home"),
});
property("HOME that is relative", `HOME=relative "$@" ${probe} ${told}; ls`);
property(
  "HOME that cannot be written",
  `
  mount -t tmpfs none . && mount -o remount,ro . && cd . && HOME=$PWD "$@" ${probe} ${told}`,
  inMountNamespace,
);
property(
  "HOME on a full disk",
  `
  mount -t tmpfs -o size=16k none . && cd "$PWD" && head -c 100000 /dev/zero >filler 2>/dev/null
  HOME=$PWD "$@" ${probe} ${told}`,
  inMountNamespace,
);
property(
  "a state folder that is a file",
  `
  mkdir -p .local/state; : >.local/state/gs-telemetry; HOME=$PWD "$@" ${probe} ${told}`,
);
property(
  "a state folder that belongs to somebody else",
  `
  mkdir -p .local/state/gs-telemetry/queue; chmod 0 .local/state/gs-telemetry; HOME=$PWD "$@" ${probe} ${told}
  chmod 700 .local/state/gs-telemetry`,
);
property(
  "a dead link for a state folder",
  `
  mkdir -p .local/state; ln -s /no/such/place .local/state/gs-telemetry; HOME=$PWD "$@" ${probe} ${told}`,
);
property(
  "TMPDIR unset or missing",
  `
  (unset TMPDIR; "$@" ${probe} ${told}); TMPDIR=/no/such/folder "$@" ${probe} ${told}`,
);
property(
  "PATH unset",
  `
  [ $# = 0 ] || set -- "$(command -v "$1")" "\${@:2}"; unset PATH; "$@" /bin/sh -c 'echo out; exit 7' ${told}`,
);
property(
  "PATH empty",
  `
  [ $# = 0 ] || set -- "$(command -v "$1")" "\${@:2}"; PATH=; "$@" /bin/sh -c 'echo out; exit 7' ${told}`,
);
property("USER and LANG unset", `unset USER USERNAME LOGNAME LANG LC_ALL; "$@" ${probe} ${told}`);
property("LANG that is not known", `LC_ALL=xx_YY.UTF-9 "$@" env printf 'text\\n' ${told}`);
property(
  "an empty environment",
  `
  [ $# = 0 ] || set -- "$(command -v "$1")" "\${@:2}"; env -i DENO_DIR="$DENO_DIR" "$@" /bin/sh -c 'echo out; exit 7' ${told}`,
);
property("no /bin/sh", `mount --bind /dev/null /bin/sh; "$@" ${probe} ${told}`, inMountNamespace);
property("no /proc", `umount -l /proc; "$@" ${probe} ${told}`, {
  ...inMountNamespace,
  limits: { ...onBun(noProc), ...onDeno(noProc) },
});
property("no /dev", `mount -t tmpfs none /dev; "$@" ${probe} ${told}`, inMountNamespace);
property(
  "no /sys and no /etc/passwd",
  `
  mount -t tmpfs none /sys; mount --bind /dev/null /etc/passwd; "$@" ${probe} ${told}`,
  inMountNamespace,
);
property(
  "as process 1 of a container",
  `
  unshare -pf --mount-proc "$@" bash -c 'echo $$ $PPID; exit 7' ${told}`,
  {
    ...inNamespaces,
    limits: asChild("the command is a child of the wrapper there"),
  },
);
property(
  "as process 1 of a container the command has no child that it did not start",
  `
  unshare -pf --mount-proc "$@" python3 -c 'import os, time
time.sleep(0.2)
print([pid for pid in os.listdir("/proc") if pid.isdigit() and open(f"/proc/{pid}/stat").read().split()[3] == "1"])'`,
  {
    needs: [...inNamespaces.needs, "python3"],
    root: true,
    limits: asChild("the command is a child of the wrapper there"),
  },
);
property(
  "as process 1 of a container the limits are the same",
  `
  ulimit -Sn 256; unshare -pf --mount-proc "$@" cat /proc/self/limits; true`,
  {
    ...inNamespaces,
    limits: { ...onBun(callerOutside), "deno run": callerOutside, "deno child": callerOutside },
  },
);
property(
  "in a container beside process 1",
  `
  unshare -pf --mount-proc bash -c '"$@" bash -c "echo \\$PPID; exit 7"; echo $?' bash "$@" 2>&1`,
  {
    ...inNamespaces,
    limits: asChild("the command is a child of the wrapper there"),
  },
);
property("without a network", `unshare -n "$@" ${probe} ${told}`, inNamespaces);
property(
  "with a host name that is not set",
  `
  unshare -u bash -c 'hostname "" 2>/dev/null; "$@" ${probe.replaceAll("'", "'\\''")}' bash "$@" ${told}`,
  inNamespaces,
);
property(
  "as another user, with the home of root",
  `
  setpriv --reuid=65534 --regid=65534 --clear-groups "$@" bash -c 'id -u; id -g; echo out; exit 7' ${told}`,
  {
    needs: ["setpriv"],
    root: true,
    otherUser: true,
  },
);
property("without capabilities", `setpriv --bounding-set=-all --inh-caps=-all "$@" ${probe} ${told}`, {
  needs: ["setpriv"],
  root: true,
});
property(
  "nothing is written into the working directory",
  `
  "$@" true; ls -A`,
);
property(
  "a working directory that cannot be read",
  `
  mkdir closed; cd closed; chmod 0 .; "$@" ${probe} ${told}; chmod 700 .`,
);
property(
  "a working directory with a long name",
  `
  name=$(printf 'x%.0s' {1..250}); for n in 1 2 3 4 5 6 7 8; do mkdir $name; cd $name; done; "$@" ${probe} ${told}`,
);
