/**
 * A ClickHouse server of one's own, on loopback, with its data in a temporary folder.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../helpers/free_port.ts";

const startLimit = 60_000;

/** A server that runs. */
export interface ClickHouseServer {
  /** Such as `clickhouse+http://127.0.0.1:18123/default`. */
  readonly store: string;
  /** Runs a statement, as a user of the server would. */
  run(sql: string): Promise<string>;
  /** Ends the server and starts it again on the same data. */
  pause(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

const profiles = `<yandex>
  <profiles><default></default><readonly><readonly>1</readonly></readonly></profiles>
  <quotas><default></default></quotas>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <reader><password>secret</password><networks><ip>127.0.0.1</ip></networks><profile>readonly</profile><quota>default</quota></reader>
  </users>
</yandex>`;

function configuration(folder: string, http: number, tcp: number): string {
  return `<yandex>
  <logger><level>error</level><log>${folder}/log</log><errorlog>${folder}/errors</errorlog></logger>
  <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><listen_host>127.0.0.1</listen_host>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path>
  <users_config>${folder}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>100000000</mark_cache_size>
</yandex>`;
}

/** Starts a server. */
export async function startClickHouse(): Promise<ClickHouseServer> {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-clickhouse-"));
  const [http, tcp] = [await freePort(), await freePort()];
  writeFileSync(join(folder, "users.xml"), profiles);
  writeFileSync(join(folder, "config.xml"), configuration(folder, http, tcp));
  const run = (sql: string) => post(`http://127.0.0.1:${http}/`, sql);
  const start = () => startProcess(join(folder, "config.xml"), run);
  let end = await start();
  return {
    store: `clickhouse+http://127.0.0.1:${http}/default`,
    run,
    async pause() {
      await end();
      return async () => void (end = await start());
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the process and waits until it answers; gives what ends it. */
async function startProcess(
  config: string,
  run: (sql: string) => Promise<string>,
): Promise<() => Promise<void>> {
  const child = spawn("clickhouse-server", [`--config-file=${config}`], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const limit = Date.now() + startLimit;
  while ((await run("SELECT 1").catch(() => "")).trim() !== "1") {
    if (Date.now() > limit || child.exitCode !== null) throw new Error("ClickHouse has not started");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return async () => {
    child.kill();
    await ended;
  };
}

async function post(url: string, sql: string): Promise<string> {
  const response = await fetch(url, { method: "POST", body: sql });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
