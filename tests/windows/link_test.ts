import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { windowsPath } from "../helpers/wine.ts";
import { inWindows, windows } from "../helpers/windows_world.ts";

test(
  "a copy of the program under a tool's name runs the tool that is behind it on PATH",
  windows,
  () =>
    inWindows(async (world) => {
      const sink = await world.sink();
      world.install("kubectl-gs.exe");
      const links = world.makeFolder("links");
      world.placeProgram(join(links, "kubectl-gs.exe"));
      const folders = [windowsPath(links), windowsPath(world.bin)];
      const env = { PATH: folders.join(";") };
      const file = join(links, "kubectl-gs.exe");
      const shown = await world.shown('kubectl-gs login  "a b"', { env, file });
      assert.equal(shown.commandLine, `"${windowsPath(world.bin)}\\kubectl-gs.exe" login  "a b"`);
      const [signal] = await sink.waitFor(1);
      assert.equal(signal.payload.command, "kubectl gs login");
    }),
);

test(
  "a copy never finds itself, in whatever case PATH is written",
  windows,
  () =>
    inWindows(async (world) => {
      const links = world.makeFolder("Links");
      world.placeProgram(join(links, "kubectl-gs.exe"));
      const place = windowsPath(links);
      for (const path of [place.toUpperCase(), `"${place}";${place.toLowerCase()};${place}\\.`]) {
        const { status, stderr } = await world.start("kubectl-gs login", {
          env: { PATH: path },
          cwd: links,
          file: join(links, "kubectl-gs.exe"),
        });
        assert.equal(status, 127, stderr);
        assert.match(stderr, /there is no kubectl-gs behind it on PATH\n$/);
      }
    }),
);
