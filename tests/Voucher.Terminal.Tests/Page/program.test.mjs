import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../../terminal/Voucher.Terminal/wwwroot/js/', import.meta.url);
const { ask, askOnce, ProgramGone } = await import(new URL('program.js', root));

const json = body => ({ status: 200, headers: { get: () => 'application/json' }, json: async () => body });

/** A program that answers in turn; a silent one is given up when the page says so. */
function answering(...answers) {
  const requests = [];
  globalThis.fetch = (path, request) => {
    requests.push({ path, ...request });
    const answer = answers.shift();
    if (answer) return Promise.resolve(answer);
    return new Promise((_, give) => { request.signal.addEventListener('abort', () => give(request.signal.reason)); });
  };
  return requests;
}

test('A program that stays silent is given up', { timeout: 5000 }, async () => {
  const requests = answering(null);
  // Node ends when nothing but such a signal is left; a browser does not.
  const awake = setTimeout(() => {}, 5000);
  await assert.rejects(askOnce('/local/scan', {}, 30), ProgramGone);
  clearTimeout(awake);
  assert.equal(requests.length, 1);
});

test('An answer that stops half-way is given up, too', { timeout: 5000 }, async () => {
  answering({ ...json(), json: () => new Promise((_, give) => { setTimeout(() => give(new Error('aborted')), 20); }) });
  await assert.rejects(askOnce('/local/scan', {}, 30), ProgramGone);
});

test('What may be asked twice is asked again, and says how often', async () => {
  globalThis.fetch = (() => { let n = 0; return async () => { if (n++ === 0) throw new TypeError('lost'); return json({ ok: true }); }; })();
  assert.deepEqual(await ask('/local/recent'), { status: 200, body: { ok: true }, attempts: 2 });
});

test('No module of the page asks without an end to waiting', () => {
  const files = readdirSync(root).filter(file => file.endsWith('.js'));
  for (const file of files) {
    const calls = readFileSync(new URL(file, root), 'utf8').match(/\bfetch\([^;]*/g) ?? [];
    for (const call of calls) assert.match(call, /signal: AbortSignal\.timeout\(/, file);
  }
});

test('A pairing code is shown to the program once', () => {
  const pairing = readFileSync(new URL('pairing.js', root), 'utf8');
  assert.match(pairing, /askOnce\('\/local\/pair'/);
  assert.doesNotMatch(pairing, /\bask\(/);
});
