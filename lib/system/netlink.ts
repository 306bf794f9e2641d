/**
 * The network interfaces by rtnetlink(7), as Go's net package asks for them: those of this process's network
 * namespace, which `/sys` may not show. getifaddrs(3) asks for all their IP addresses, too, and takes some
 * calls for each of them.
 *
 * @module
 */

import type { NativeFunctions, NativeSignature } from "../runtime/runtime.ts";
import type { LibraryFunctions } from "./libc.ts";

/** What is needed of the C library. */
export const netlinkSignatures = {
  recv: { args: ["i64", "ptr", "u64", "i64"], returns: "i64" },
  send: { args: ["i64", "ptr", "u64", "i64"], returns: "i64" },
  socket: { args: ["i64", "i64", "i64"], returns: "i32" },
} as const satisfies Record<string, NativeSignature>;

/** A network interface. */
export interface Link {
  /** One of the ARPHRD_ types (netdevice(7)). */
  readonly type: number;
  /** The link-layer address; empty if it has none. */
  readonly address: Uint8Array;
}

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 0o2000003;
const NETLINK_ROUTE = 0;
const NLM_F_REQUEST_DUMP = 0x301;
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_ADDRESS = 1;
const IFLA_EXT_MASK = 29;
const RTEXT_FILTER_SKIP_STATS = 8;

// As much as the kernel sends at once.
const answerLength = 32_768;
const headerLength = 16;
const linkHeaderLength = 16;

/** Lists the interfaces; none where the kernel cannot be asked. */
export function listLinks(
  libc: LibraryFunctions & NativeFunctions<typeof netlinkSignatures>,
): Link[] {
  const socket = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
  if (socket < 0) return [];
  const question = linkRequest();
  const answer = new Uint8Array(answerLength);
  const links: Link[] = [];
  libc.send(socket, question, question.length, 0);
  for (let isMore = true; isMore;) {
    const length = Number(libc.recv(socket, answer, answer.length, 0));
    isMore = length > 0 && readLinks(answer.subarray(0, length), links);
  }
  libc.close(socket);
  return links;
}

/**
 * A `struct nlmsghdr` (netlink(7)) that asks for all interfaces, a `struct ifinfomsg` that says nothing, and an
 * attribute that leaves out the statistics, which are most of the answer.
 */
function linkRequest(): Uint8Array {
  const attribute = headerLength + linkHeaderLength;
  const request = new DataView(new ArrayBuffer(attribute + 8));
  request.setUint32(0, request.byteLength, true);
  request.setUint16(4, RTM_GETLINK, true);
  request.setUint16(6, NLM_F_REQUEST_DUMP, true);
  request.setUint16(attribute, 8, true);
  request.setUint16(attribute + 2, IFLA_EXT_MASK, true);
  request.setUint32(attribute + 4, RTEXT_FILTER_SKIP_STATS, true);
  return new Uint8Array(request.buffer);
}

/**
 * Reads a part of the answer. Messages and attributes begin at multiples of 4, rounded in place, here and below: a
 * function would be called often enough for Bun to compile it, which starts two threads.
 *
 * @returns Whether more parts follow: what ends the answer is a message of another kind.
 */
export function readLinks(part: Uint8Array, links: Link[]): boolean {
  const fields = new DataView(part.buffer, part.byteOffset, part.length);
  for (let start = 0; start + headerLength <= part.length;) {
    const length = fields.getUint32(start, true);
    const isLink = fields.getUint16(start + 4, true) === RTM_NEWLINK &&
      length >= headerLength + linkHeaderLength;
    if (!isLink || start + length > part.length) return false;
    links.push(readLink(part, fields, start + headerLength, start + length));
    start += length + 3 & ~3;
  }
  return true;
}

/** Reads a `struct ifinfomsg`, with the type at 2, and the `struct rtattr` behind it, of length, kind and value. */
function readLink(part: Uint8Array, fields: DataView, start: number, end: number): Link {
  const type = fields.getUint16(start + 2, true);
  for (let at = start + linkHeaderLength; at + 4 <= end;) {
    const length = fields.getUint16(at, true);
    if (fields.getUint16(at + 2, true) === IFLA_ADDRESS) {
      return { type, address: part.slice(at + 4, at + length) };
    }
    at += Math.max(length + 3 & ~3, 4);
  }
  return { type, address: new Uint8Array() };
}
