/*
 * SHA-256, SM3 (GB/T 32905-2016), SHA-512 and Ed25519 (RFC 8032) for the verifier of SJC-DRAW/1.
 *
 * Pages on plain http:// have no crypto.subtle, so all of it is computed here. Verification works
 * on public values only, so nothing needs to run in constant time.
 */
"use strict";

// eslint-disable-next-line no-unused-vars
const SjcHashes = (() => {
  /* The constants are the fractions of roots of the first primes: derived here, not copied. */
  const PRIMES = [];
  for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
  const MASK64 = (1n << 64n) - 1n;

  function rootFraction(prime, power) {
    const target = BigInt(prime) << BigInt(64 * power);
    let low = 0n, high = 1n << 72n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= target) low = middle; else high = middle;
    }
    return low & MASK64;
  }

  const K512 = PRIMES.map((p) => rootFraction(p, 3));
  const START512 = PRIMES.slice(0, 8).map((p) => rootFraction(p, 2));
  const K256 = Int32Array.from(K512.slice(0, 64), (k) => Number(k >> 32n));
  const START256 = Int32Array.from(START512, (h) => Number(h >> 32n));
  const START_SM3 = Int32Array.of(
    0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
  );

  const state = new Int32Array(8);
  const w = new Int32Array(68);

  function readBlock(data, at) {
    for (let j = 0; j < 16; j++, at += 4) {
      w[j] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    }
  }

  function addToState(a, b, c, d, e, f, g, h) {
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  function compress256(data, at) {
    readBlock(data, at);
    for (let j = 16; j < 64; j++) {
      const x = w[j - 15], y = w[j - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[j] = w[j - 16] + s0 + w[j - 7] + s1;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let j = 0; j < 64; j++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K256[j] + w[j]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0;
      d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    addToState(a, b, c, d, e, f, g, h);
  }

  const left = (x, n) => (x << n) | (x >>> (32 - n));

  function compressSm3(data, at) {
    readBlock(data, at);
    for (let j = 16; j < 68; j++) {
      const x = w[j - 16] ^ w[j - 9] ^ left(w[j - 3], 15);
      w[j] = x ^ left(x, 15) ^ left(x, 23) ^ left(w[j - 13], 7) ^ w[j - 6];
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let j = 0; j < 64; j++) {
      const first = j < 16;
      const turned = left(a, 12);
      const constant = first ? 0x79cc4519 : 0x7a879d8a;
      const ss1 = left((turned + e + (j % 32 ? left(constant, j % 32) : constant)) | 0, 7);
      const ff = first ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = first ? e ^ f ^ g : (e & f) | (~e & g);
      const t1 = (ff + d + (ss1 ^ turned) + (w[j] ^ w[j + 4])) | 0;
      const t2 = (gg + h + ss1 + w[j]) | 0;
      d = c; c = left(b, 9); b = a; a = t1;
      h = g; g = left(f, 19); f = e; e = t2 ^ left(t2, 9) ^ left(t2, 17);
    }
    state[0] ^= a; state[1] ^= b; state[2] ^= c; state[3] ^= d;
    state[4] ^= e; state[5] ^= f; state[6] ^= g; state[7] ^= h;
  }

  /* Both functions pad alike: 0x80, zeros, the length in bits as 64 bits. */
  function hasher(start, compress) {
    const tail = new Uint8Array(128);
    function into(data, length, out, at) {
      state.set(start);
      const whole = length - (length % 64);
      for (let n = 0; n < whole; n += 64) compress(data, n);
      const rest = length - whole, size = rest < 56 ? 64 : 128;
      tail.fill(0, 0, size);
      tail.set(data.subarray(whole, length));
      tail[rest] = 0x80;
      for (let n = 1, bits = length * 8; n <= 7; n++, bits = Math.floor(bits / 256)) {
        tail[size - n] = bits % 256;
      }
      for (let n = 0; n < size; n += 64) compress(tail, n);
      for (let n = 0; n < 8; n++, at += 4) {
        out[at] = state[n] >>> 24; out[at + 1] = state[n] >>> 16;
        out[at + 2] = state[n] >>> 8; out[at + 3] = state[n];
      }
    }
    return {
      into,
      of(data) {
        const out = new Uint8Array(32);
        into(data, data.length, out, 0);
        return out;
      },
    };
  }

  const right64 = (x, n) => ((x >> n) | (x << (64n - n))) & MASK64;

  function sha512(data) {
    const size = Math.ceil((data.length + 17) / 128) * 128;
    const padded = new Uint8Array(size);
    padded.set(data);
    padded[data.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setBigUint64(size - 8, BigInt(data.length) * 8n);
    let result = START512.slice();
    for (let at = 0; at < size; at += 128) {
      const v = [];
      for (let j = 0; j < 16; j++) v.push(view.getBigUint64(at + 8 * j));
      for (let j = 16; j < 80; j++) {
        const x = v[j - 15], y = v[j - 2];
        const s0 = right64(x, 1n) ^ right64(x, 8n) ^ (x >> 7n);
        const s1 = right64(y, 19n) ^ right64(y, 61n) ^ (y >> 6n);
        v.push((v[j - 16] + s0 + v[j - 7] + s1) & MASK64);
      }
      let [a, b, c, d, e, f, g, h] = result;
      for (let j = 0; j < 80; j++) {
        const s1 = right64(e, 14n) ^ right64(e, 18n) ^ right64(e, 41n);
        const t1 = h + s1 + ((e & f) ^ ((e ^ MASK64) & g)) + K512[j] + v[j];
        const s0 = right64(a, 28n) ^ right64(a, 34n) ^ right64(a, 39n);
        const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = (d + t1) & MASK64;
        d = c; c = b; b = a; a = (t1 + t2) & MASK64;
      }
      result = [a, b, c, d, e, f, g, h].map((x, n) => (x + result[n]) & MASK64);
    }
    const out = new DataView(new ArrayBuffer(64));
    result.forEach((x, n) => out.setBigUint64(8 * n, x));
    return new Uint8Array(out.buffer);
  }

  const P = (1n << 255n) - 19n;
  const Q = (1n << 252n) + 27742317777372353535851937790883648493n;
  const mod = (x) => ((x % P) + P) % P;

  function power(base, exponent) {
    let result = 1n;
    for (let b = mod(base); exponent; exponent >>= 1n, b = (b * b) % P) {
      if (exponent & 1n) result = (result * b) % P;
    }
    return result;
  }

  const inverse = (x) => power(x, P - 2n);
  const D = mod(-121665n * inverse(121666n));

  function add(p, q) {
    const a = mod((p[1] - p[0]) * (q[1] - q[0])), b = mod((p[1] + p[0]) * (q[1] + q[0]));
    const c = mod(2n * p[3] * q[3] * D), d = mod(2n * p[2] * q[2]);
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }

  function little(bytes) {
    let value = 0n;
    for (let n = bytes.length - 1; n >= 0; n--) value = (value << 8n) | BigInt(bytes[n]);
    return value;
  }

  /* The curve's point of this y whose x has this lowest bit; null when there is none. */
  function pointOf(y, odd) {
    const xx = mod((y * y - 1n) * inverse(D * y * y + 1n));
    let x = power(xx, (P + 3n) / 8n);
    if (mod(x * x - xx)) x = mod(x * power(2n, (P - 1n) / 4n));
    if (mod(x * x - xx) || y >= P || (x === 0n && odd)) return null;
    if ((x & 1n) !== odd) x = P - x;
    return [x, y, 1n, mod(x * y)];
  }

  const BASE = pointOf(mod(4n * inverse(5n)), 0n);

  /* R = sB − kA, compared as bytes. */
  function signed(key, signature, content) {
    if (key.length !== 32 || signature.length !== 64) return false;
    const encoded = little(key);
    const a = pointOf(encoded & ((1n << 255n) - 1n), encoded >> 255n);
    const r = signature.subarray(0, 32), s = little(signature.subarray(32));
    if (!a || s >= Q) return false;
    const minus = [mod(-a[0]), a[1], 1n, mod(-a[3])];
    const k = little(sha512(Uint8Array.from([...r, ...key, ...content]))) % Q;
    let point = [0n, 1n, 1n, 0n];
    for (let bit = 252n; bit >= 0n; bit--) {
      point = add(point, point);
      if ((s >> bit) & 1n) point = add(point, BASE);
      if ((k >> bit) & 1n) point = add(point, minus);
    }
    const scale = inverse(point[2]);
    return (mod(point[1] * scale) | ((mod(point[0] * scale) & 1n) << 255n)) === little(r);
  }

  /* Whether a key is written in its one way, and is no point of small order: under such a one a
     single signature holds for many texts. */
  const EIGHTH = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
  const SMALL = [0n, 1n, P - 1n, EIGHTH, P - EIGHTH];

  function binds(key) {
    const y = little(key) & ((1n << 255n) - 1n);
    return y < P && !SMALL.includes(y);
  }

  /* A value hashed `steps` times, as a chain goes towards its anchor. */
  function onward(hash, value, steps) {
    const link = Uint8Array.from(value);
    for (let n = 0; n < steps; n++) hash.into(link, 32, link, 0);
    return link;
  }

  const alike = (one, other) => one.every((byte, n) => byte === other[n]);

  /* The position of a value on the chain whose anchor is `other`, `limit` away at most: below 0
     where it is what `other` becomes when it is hashed on, NaN where they are of two chains. */
  function apart(hash, one, other, limit) {
    const forth = Uint8Array.from(one), back = Uint8Array.from(other);
    for (let n = 0; n <= limit; n++) {
      if (alike(forth, other)) return n;
      if (alike(back, one)) return -n;
      hash.into(forth, 32, forth, 0);
      hash.into(back, 32, back, 0);
    }
    return NaN;
  }

  return {
    sha256: hasher(START256, compress256),
    sm3: hasher(START_SM3, compressSm3),
    sha512,
    signed,
    binds,
    onward,
    apart,
  };
})();
