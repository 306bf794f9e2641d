import assert from "node:assert/strict";
import { readlinkSync, realpathSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { inWorld, until } from "../../helpers/harness.ts";
import { courierStays, measuredProperty, property, telemetry } from "../../helpers/property.ts";
import { asChild, isEmulated, wrapper } from "../../helpers/way.ts";

const child = "the command is a child of the wrapper there";

property(
  "the process id is the one that the caller started",
  `
  "$@" bash -c 'echo $$' >id & wait $!; [ "$(cat id)" = $! ] && echo same`,
  { limits: asChild(child) },
);
property(
  "the parent is the caller",
  `
  "$@" bash -c '[ $PPID = $1 ] && echo same' bash $$; true`,
  { limits: asChild(child) },
);
property(
  "process group and session are the caller's",
  `
  read -r _ _ _ _ group session _ </proc/$$/stat
  "$@" bash -c 'read -r _ _ _ _ group session _ </proc/$$/stat; [ "$group $session" = "$1 $2" ] && echo same' \\
    bash $group $session; true`,
);
property(
  "a leader of a process group stays one",
  `
  set -m; "$@" bash -c 'read -r _ _ _ _ group _ </proc/$$/stat; [ $group = $$ ] && echo leader'; true`,
  {
    limits: asChild(child),
  },
);
property(
  "a leader of a session stays one",
  `
  setsid -w "$@" bash -c 'read -r _ _ _ _ group session _ </proc/$$/stat; [ "$group $session" = "$$ $$" ] && echo leader'; true`,
  {
    needs: ["setsid"],
    limits: asChild(child),
  },
);
property(
  "the command has no child that it did not start",
  `
  "$@" bash -c 'read -r children </proc/$$/task/$$/children; echo "[$children]"; wait -n; echo $?; exec sleep 0.3' ; true`,
  { env: courierStays },
);
property(
  "the command has no zombie after a while",
  `
  "$@" bash -c 'sleep 0.4; for stat in /proc/[0-9]*/stat; do read -r pid _ state parent _ 2>/dev/null <$stat; [ "$parent" = $$ ] && echo $pid $state; done; echo none' ; true`,
  { env: courierStays },
);
property(
  "nothing else is in the command's process group or session",
  `
  "$@" setsid -w bash -c 'for stat in /proc/[0-9]*/stat; do read -r pid _ _ _ group session _ 2>/dev/null <$stat
    [ "$group" = $$ ] || [ "$session" = $$ ] && [ $pid != $$ ] && echo $pid; done; echo alone'; true`,
  {
    env: courierStays,
    needs: ["setsid"],
  },
);
property(
  "nothing but the command is in a session that starts with the program",
  `
  setsid -w "$@" bash -c 'sleep 0.2; for stat in /proc/[0-9]*/stat; do read -r pid _ _ _ group session _ 2>/dev/null <$stat
    [ "$group" = $$ ] || [ "$session" = $$ ] && [ $pid != $$ ] && echo extra; done; echo alone'; true`,
  {
    env: courierStays,
    needs: ["setsid"],
    limits: asChild(child),
  },
);
property("one thread is left", `"$@" grep ^Threads /proc/self/status`);
property(
  "no tracer, core dump mode or locked memory is left",
  `
  "$@" grep -E '^(TracerPid|CoreDumping|VmLck|VmPin)' /proc/self/status`,
);
property(
  "a child of the caller is not waited for",
  `
  sleep 5 & "$@" true; kill $! && echo alive; wait`,
);
property(
  "a caller that waits for all its children does not wait for ours",
  `
  "$@" true & wait; echo $?`,
  { env: courierStays },
);
property(
  "the output of a command substitution ends with the command",
  `
  out=$("$@" echo text); echo "[$out] $?"`,
  { env: courierStays },
);
property(
  "a time limit ends the command",
  `
  timeout 0.5 "$@" sleep 60; echo $?; { timeout -s KILL 0.5 "$@" sleep 60; echo $?; } 2>/dev/null`,
);
property("it can be nested", `"$@" "$@" "$@" echo deep; true`);
property("it can be started by exec", `(exec "$@" bash -c 'echo $0; exit 9'; echo not reached); echo $?`);
property(
  "it can be started by xargs and find",
  `
  seq 3 | xargs -n 1 "$@" echo; touch a b; find . -type f -exec "$@" basename {} \\; | sort`,
  {
    needs: ["xargs", "find"],
  },
);
measuredProperty("a caller that closes its pipes at once does no harm", async (world, wrapper) => {
  const { status, signal } = await world.execute([
    "bash",
    "-c",
    '"$@" sleep 0.1 | true; echo ${PIPESTATUS[0]}',
    "x",
    ...wrapper,
  ]);
  return { status, signal };
});

test("the command neither waits for the courier's end nor shares its working directory", {
  skip: isEmulated ? "the courier of another architecture cannot be started without the emulator" : false,
}, () =>
  inWorld(async (world) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket.on("error", () => {})));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const env = { ...telemetry, GS_TELEMETRY_ENDPOINT: `http://127.0.0.1:${port}/` };
    try {
      const { status } = await world.execute([...wrapper, "true"], { env });
      assert.equal(status, 0);
      const couriers = world.couriers();
      assert.equal(couriers.length, 1, "the courier is still at work");
      const directory = readlinkSync(`/proc/${couriers[0]}/cwd`);
      assert.equal(directory, realpathSync(world.state), "the courier has left the command's directory");
    } finally {
      await until(() => sockets.size > 0, "the courier to connect");
      sockets.forEach((socket) => socket.destroy());
      server.close();
    }
  }));
