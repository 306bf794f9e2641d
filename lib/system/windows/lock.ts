import type { Lock } from "../system.ts";
import { errors, INVALID_HANDLE_VALUE, type Kernel, wideString } from "./kernel.ts";

const GENERIC_READ_WRITE = 0xC000_0000;
const OPEN_ALWAYS = 4;

/** Opens the lock file for this process alone. Windows closes it with the process. */
export function lock(kernel: Kernel, path: string): Lock | "taken" | undefined {
  const handle = kernel.CreateFileW(wideString(path), GENERIC_READ_WRITE, 0, null, OPEN_ALWAYS, 0, 0);
  if (handle !== INVALID_HANDLE_VALUE) return { release: () => void kernel.CloseHandle(handle) };
  return kernel.GetLastError() === errors.ERROR_SHARING_VIOLATION ? "taken" : undefined;
}
