import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inWorld, Sink, type World } from "../helpers/harness.ts";
import { isInstalled } from "../helpers/property.ts";

const skip = isInstalled("chromium") ? false : "needs chromium (apt-get install chromium)";

// Without the flags about the background the browser looks for its maker's servers.
const flags = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ...["--enable-logging=stderr", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
];

async function browse(world: World, address: string, ...args: string[]): Promise<string> {
  const command = ["chromium", ...flags, `--user-data-dir=${join(world.home, "browser")}`, ...args, address];
  const { status, stderr, stdout } = await world.execute(command);
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /CONSOLE/, "the page has something to say on the console");
  return stdout;
}

test(
  "the report's page shows in a browser and prints, without a message or a further request",
  { skip },
  () =>
    inWorld(async (world) => {
      const sink = await Sink.start(world, "127.0.0.1:0", join(world.home, "usage.db"));
      try {
        const signals = Array.from({ length: 60 }, (_, index) => ({
          appID: "4539763B-A291-4835-B832-9BEB80CA7039",
          clientUser: `${index % 7}`,
          type: "Acme.command",
          payload: { command: `acme <b>command</b> ${index % 5}` },
        }));
        const headers = { "content-type": "application/json" };
        const response = await fetch(sink.endpoint, {
          method: "POST",
          headers,
          body: JSON.stringify(signals),
        });
        assert.equal(response.status, 200);
        const address = new URL("/", sink.endpoint).href;
        for (const width of [360, 1_280]) {
          const file = join(world.home, `${width}.png`);
          await browse(world, address, `--window-size=${width},1600`, `--screenshot=${file}`);
          assert.equal(readFileSync(file).subarray(1, 4).toString(), "PNG");
        }
        const file = join(world.home, "usage.pdf");
        await browse(world, address, `--print-to-pdf=${file}`);
        assert.equal(readFileSync(file).subarray(0, 5).toString(), "%PDF-");
        const page = await browse(world, address, "--dump-dom");
        assert.match(page, /<th scope="row">acme &lt;b&gt;command&lt;\/b&gt; 0<\/th>/);
        assert.deepEqual(sink.lines.filter((line) => /^\d{3} /.test(line)), [], "a further request was made");
      } finally {
        await sink.stop();
      }
    }),
);
