// The reading bench: see scripts/bench-reading.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ALL, QUICK } from './cells.mjs';
import { readByZbar } from './decoders.mjs';
import { judged, measure } from './measure.mjs';
import { summarize, tablesOf, timesOf } from './table.mjs';

/** Of what the best plain decoder misses in one frame, at least this share is read within ten. */
const AIM = 0.5;
const ZBAR_AT_ONCE = 12;

const { values: options } = parseArgs({ options: {
  quick: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' }, docs: { type: 'string' }, only: { type: 'string' },
} });
const seed = Number(options.seed);
if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed needs a whole number from 0');
const cells = (options.quick ? QUICK : ALL).filter(cell => !options.only || cell.kind.name.includes(options.only));
if (cells.length === 0) throw new Error(`no kind is called ${options.only}`);

const results = [];
const waiting = [];
const started = performance.now();
for (const cell of cells) {
  const result = await measure(cell, seed, { toTheEnd: !options.quick });
  results.push(result);
  waiting.push(result);
  if (waiting.length === ZBAR_AT_ONCE) await askZbar();
  if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${cells.length} vouchers `);
}
await askZbar();

async function askZbar() {
  const batch = waiting.splice(0);
  const texts = batch.length ? await readByZbar(batch.map(result => result.still)) : [];
  batch.forEach((result, i) => {
    result.single.zbarimg = judged(texts[i], result.text);
    delete result.still;
  });
}

const sum = summarize(results);
const times = timesOf(results, [1280, 720]);
const share = sum.missed ? sum.rescued / sum.missed : 1;
const report = [
  tablesOf(results, { withZxingInTen: !options.quick }),
  `Best plain decoder on one frame: ${sum.best}; it misses ${sum.missed} of ${results.length}. Of these the terminal reads ${sum.rescued} within ten frames: ${Math.round(100 * share)}% (aim: ${100 * AIM}%).`,
  '',
  `Wrong texts: ours ${sum.wrong}; ${Object.entries(sum.wrongOf).map(([name, count]) => `${name} ${count}`).join(', ')}.`,
  '',
  `Processor time of the terminal's reading for a frame of 1280 × 720 in Node ${process.versions.node}: read ${times.read}; not read ${times.unread}.`,
].join('\n');
console.log(`${report}\n\nseed ${seed}, ${results.length} vouchers, ${Math.round((performance.now() - started) / 1000)} s`);
if (options.docs) await putIntoDocs(options.docs);
if (sum.wrong > 0 || share < AIM) {
  console.error(sum.wrong > 0 ? 'A wrong text came out.' : 'The aim was missed.');
  process.exitCode = 1;
}

async function putIntoDocs(path) {
  const [begin, end] = ['<!-- bench -->', '<!-- /bench -->'];
  const page = await readFile(path, 'utf8');
  if (!page.includes(begin) || !page.includes(end)) throw new Error(`${path} has no place for the tables`);
  const [before, after] = [page.split(begin)[0], page.split(end)[1]];
  const command = `scripts/bench-reading --seed ${seed}${options.quick ? ' --quick' : ''}`;
  await writeFile(path, `${before}${begin}\n\`${command}\`, ${new Date().toISOString().slice(0, 10)}, ${results.length} vouchers.\n\n${report}\n${end}${after}`);
}
