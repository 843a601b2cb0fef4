// The plain decoders beside which the terminal's reading is measured: each is given one frame, and says what it reads.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import jsqr from 'jsqr';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const run = promisify(execFile);
const wasm = await readFile(new URL('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url));
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) } });

export { readBarcodes };

const EVERYTHING = { formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, tryDenoise: true };
const textsOf = async (frame, options) => (await readBarcodes(frame, options)).filter(code => code.isValid).map(code => code.text);

/** Each: frame → texts. */
export const DECODERS = {
  'zxing-wasm': frame => textsOf(frame),
  'zxing-wasm, all on': frame => textsOf(frame, EVERYTHING),
  jsQR: async frame => [jsqr(frame.data, frame.width, frame.height)?.data].filter(Boolean),
};

/** Debian's zbarimg, many pictures a call: starting it takes longer than reading. */
export async function readByZbar(frames) {
  const folder = await mkdtemp(join(tmpdir(), 'voucher-reading-'));
  try {
    const paths = frames.map((_, i) => join(folder, `${i}.pgm`));
    await Promise.all(frames.map((frame, i) => writeFile(paths[i], pgmOf(frame))));
    // It ends with 4 where a picture had no code.
    const { stdout } = await run('zbarimg', ['-q', '--xml', '-Sdisable', '-Sqrcode.enable', ...paths], { maxBuffer: 1 << 24 }).catch(fault => {
      if (fault.code !== 4) throw fault;
      return fault;
    });
    return paths.map(path => {
      const [, source = ''] = stdout.split(`<source href='${path}'>`);
      return [...source.split('</source>')[0].matchAll(/<data[^>]*><!\[CDATA\[([^]*?)\]\]>/g)].map(match => match[1]);
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function pgmOf({ data, width, height }) {
  const grey = Buffer.alloc(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = data[4 * i];
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]);
}
