import { INVALID_HANDLE_VALUE, type Kernel, wideString } from "./kernel.ts";

const GENERIC_WRITE = 0x4000_0000;
const CREATE_NEW = 1;
const FILE_ATTRIBUTE_TEMPORARY = 0x100;
const FILE_FLAG_DELETE_ON_CLOSE = 0x0400_0000;

/**
 * Reports whether a file can be made in a directory. On Windows only trying tells: besides rights there are
 * protected folders and policies. The file is gone with its handle, even if this process is killed meanwhile.
 */
export function isWritableDirectory(kernel: Kernel, path: string): boolean {
  const handle = kernel.CreateFileW(
    wideString(`${path.replace(/[\\/]\.?$/, "")}\\.${crypto.randomUUID()}`),
    GENERIC_WRITE,
    0,
    null,
    CREATE_NEW,
    FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE,
    0,
  );
  return handle !== INVALID_HANDLE_VALUE && kernel.CloseHandle(handle) !== 0;
}
