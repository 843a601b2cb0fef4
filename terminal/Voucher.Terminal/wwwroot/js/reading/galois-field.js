// The field of 256 elements in which QR codes reckon (x⁸ + x⁴ + x³ + x² + 1). Pure.

const exponents = new Uint8Array(512);
const logarithms = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++) {
  exponents[i] = exponents[i + 255] = x;
  logarithms[x] = i;
  x = x & 0x80 ? (x << 1) ^ 0x11d : x << 1;
}

/** 2 to the power of n, 0 ≤ n < 510. */
export const power = n => exponents[n];
export const log = x => logarithms[x];
export const times = (a, b) => (a && b ? exponents[logarithms[a] + logarithms[b]] : 0);
export const inverse = a => exponents[255 - logarithms[a]];

/** The value of a polynomial, lowest coefficient first. */
export function valueAt(polynomial, x) {
  let value = 0;
  for (let i = polynomial.length - 1; i >= 0; i--) value = times(value, x) ^ polynomial[i];
  return value;
}
