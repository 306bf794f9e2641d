/**
 * SHA-256 (FIPS 180-4), for a runtime that has it only as a promise: on the way of a run, to load Deno's
 * WebCrypto and to wait for its thread takes more than twice the time of this.
 *
 * @module
 */

const blockLength = 64;
const rounds = 64;

// The first 32 bits of the fractional parts of the square roots of the first 8 primes (5.3.3).
const initialState = [
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
];

// The same of the cube roots of the first 64 primes (4.2.2).
// deno-fmt-ignore
const constants = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/** Hashes up to 512 MiB; gives 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const message = pad(bytes);
  let state: readonly number[] = initialState;
  for (let offset = 0; offset < message.byteLength; offset += blockLength) {
    state = addBlock(state, scheduleOf(message, offset));
  }
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => hash.setInt32(index * 4, word));
  return new Uint8Array(hash.buffer);
}

/** Adds a bit of 1, bits of 0 and the length in bits, up to whole blocks (5.1.1). */
function pad(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / blockLength) * blockLength);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const message = new DataView(padded.buffer);
  message.setUint32(padded.length - 4, bytes.length * 8);
  return message;
}

/**
 * The words of a block's rounds (6.2.2, step 1). Rotations are written out, here and below: a call for each
 * would double the time.
 */
function scheduleOf(message: DataView, offset: number): Int32Array {
  const words = new Int32Array(rounds);
  for (let t = 0; t < 16; t++) words[t] = message.getInt32(offset + t * 4);
  for (let t = 16; t < rounds; t++) {
    const early = words[t - 15];
    const late = words[t - 2];
    const sigma0 = (early >>> 7 | early << 25) ^ (early >>> 18 | early << 14) ^ early >>> 3;
    const sigma1 = (late >>> 17 | late << 15) ^ (late >>> 19 | late << 13) ^ late >>> 10;
    words[t] = sigma1 + words[t - 7] + sigma0 + words[t - 16];
  }
  return words;
}

/** The state after one more block (6.2.2, steps 2 to 4). */
function addBlock(state: readonly number[], words: Int32Array): number[] {
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < rounds; t++) {
    const sum1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const first = h + sum1 + (e & f ^ ~e & g) + constants[t] + words[t] | 0;
    const sum0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const second = sum0 + (a & b ^ a & c ^ b & c) | 0;
    h = g;
    g = f;
    f = e;
    e = d + first | 0;
    d = c;
    c = b;
    b = a;
    a = first + second | 0;
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => word + state[index] | 0);
}
