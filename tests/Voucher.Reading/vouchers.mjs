// Vouchers as the county makes them, but for the signature: 83 bytes as 200 digits and two check digits, in the symbol for paper
// (7-Q) or for a phone's screen (5-M). Encoded by the `qrcode` package, not by the terminal's own code.
import QRCode from 'qrcode';

export const CARRIERS = {
  paper: { version: 7, errorCorrectionLevel: 'Q' },
  screen: { version: 5, errorCorrectionLevel: 'M' },
};

export function drawText(random) {
  const bytes = [0x11, 1 + random.below(4), ...Array.from({ length: 81 }, () => random.below(256))];
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const check = 98n - (number * 100n) % 97n;
  return number.toString().padStart(200, '0') + check.toString().padStart(2, '0');
}

/** @returns {{text: string, size: number, modules: Uint8Array}} modules: 1 dark, row by row */
export function drawVoucher(random, carrier) {
  const text = drawText(random);
  const { modules } = QRCode.create([{ data: text, mode: 'numeric' }], CARRIERS[carrier]);
  return { text, size: modules.size, modules: Uint8Array.from(modules.data) };
}
