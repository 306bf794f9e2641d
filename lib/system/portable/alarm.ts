import { runtime } from "../../runtime/mod.ts";

let alarm: ReturnType<typeof setTimeout> | undefined;

/** Ends this process as `System.setAlarm` says, as long as its event loop turns. */
export function setAlarm(seconds: number): void {
  clearTimeout(alarm);
  alarm = setTimeout(() => runtime.exit(1), seconds * 1_000);
  alarm.unref?.();
}
