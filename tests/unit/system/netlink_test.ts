import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Link, readLinks } from "../../../lib/system/netlink.ts";

const newLink = 16;
const done = 3;
const addressAttribute = 1;
const nameAttribute = 3;

/** A message of rtnetlink(7): a header, a `struct ifinfomsg` of that ARPHRD_ type, and attributes. */
function message(kind: number, type: number, attributes: readonly (readonly [number, number[]])[]): number[] {
  const body = attributes.flatMap(([name, value]) => {
    const padding = Array(-value.length & 3).fill(0xEE);
    return [...short(value.length + 4), ...short(name), ...value, ...padding];
  });
  const length = 32 + body.length;
  return [
    ...short(length),
    0,
    0,
    ...short(kind),
    ...Array(10).fill(0),
    0,
    0,
    ...short(type),
    ...Array(12).fill(0),
    ...body,
  ];
}

function short(value: number): number[] {
  return [value & 0xFF, value >> 8];
}

function read(bytes: readonly number[]): { isMore: boolean; links: [number, number[]][] } {
  const links: Link[] = [];
  const isMore = readLinks(Uint8Array.from(bytes), links);
  return { isMore, links: links.map(({ type, address }) => [type, [...address]]) };
}

test("readLinks() finds each interface's type and address behind other attributes", () => {
  const bytes = [
    ...message(newLink, 772, [[nameAttribute, [0x6C, 0x6F, 0]], [addressAttribute, [0, 0, 0, 0, 0, 0]]]),
    ...message(newLink, 1, [[nameAttribute, [0x65, 0x30, 0]], [addressAttribute, [2, 0, 0, 0, 0, 1]]]),
  ];
  assert.deepEqual(read(bytes), {
    isMore: true,
    links: [[772, [0, 0, 0, 0, 0, 0]], [1, [2, 0, 0, 0, 0, 1]]],
  });
});

test("readLinks() gives an interface without an address an empty one", () => {
  assert.deepEqual(read(message(newLink, 65_534, [[nameAttribute, [0x74, 0]]])).links, [[65_534, []]]);
});

test("readLinks() ends at the message that ends the answer", () => {
  const link = message(newLink, 1, [[addressAttribute, [1, 2, 3, 4, 5, 6]]]);
  assert.deepEqual(read([...link, ...message(done, 0, []), ...link]), {
    isMore: false,
    links: [[1, [1, 2, 3, 4, 5, 6]]],
  });
});

test("readLinks() takes no harm from an answer that is cut off or none", () => {
  const whole = [
    ...message(newLink, 1, [[addressAttribute, [1, 2, 3, 4, 5, 6]]]),
    ...message(newLink, 1, [[nameAttribute, [0x65, 0]]]),
  ];
  for (let length = 0; length < whole.length; length++) {
    assert.ok(read(whole.slice(0, length)).links.length <= 1, `${length} bytes`);
  }
  fc.assert(fc.property(fc.array(fc.nat(255), { maxLength: 300 }), (bytes) => void read(bytes)));
});
