import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem() {} };
const listeners = [];
globalThis.document = { addEventListener: (name, listen) => { if (name === 'language') listeners.push(listen); } };
const js = '../../../terminal/Voucher.Terminal/wwwroot/js';
const { TerminalState } = await import(`${js}/terminal-state.js`);
const { areOld, troubles, warnings } = await import(`${js}/status-bar.js`);
const { quarantineSteps } = await import(`${js}/pairing.js`);

const state = more => ({ link: { online: true, clockAheadSeconds: 0, trouble: null }, ...more });

test('Before its first word nothing is known, and that is not online', () => assert.equal(new TerminalState().isOnline, false));

test('A program that is gone is not online, whatever it last said, until it speaks again', () => {
  const terminal = new TerminalState();
  terminal.heard(state());
  assert.equal(terminal.isOnline, true);
  terminal.gone();
  assert.deepEqual([terminal.isOnline, terminal.programGone], [false, true]);
  terminal.heard(state());
  assert.deepEqual([terminal.isOnline, terminal.programGone], [true, false]);
});

test('Whoever shows it is told of every change, of the language too', () => {
  const terminal = new TerminalState();
  let told = 0;
  terminal.onChange(() => { told++; });
  terminal.heard(state());
  terminal.gone();
  listeners.at(-1)();
  assert.equal(told, 3);
});

test('A disk that is nearly full is a warning before it is a refusal', () => {
  assert.match(warnings(state({ diskLow: true })).join(''), /磁盘快满了.*清理/);
  assert.equal(warnings(state({ diskLow: false })).join(''), '');
});

test('Lists of yesterday are shown as old, and so are lists that never came', () => {
  const now = '2026-11-22T12:00:00Z';
  assert.equal(areOld({ listsRefreshedAt: '2026-11-22T11:00:00Z' }, now), false);
  assert.equal(areOld({ listsRefreshedAt: '2026-11-21T11:00:00Z' }, now), true);
  assert.equal(areOld({ listsRefreshedAt: null }, now), true);
});

test('In quarantine it is said what happened, what to do with which number, and that nothing is lost', () => {
  const stopped = state({ quarantine: { zh: '县里已暂停。', en: 'x' }, pairing: { terminalId: 7, name: '前台1号' }, waiting: { count: 3 } });
  const steps = Object.fromEntries(quarantineSteps(stopped));
  assert.match(steps.whatHappened, /县里已暂停/);
  assert.match(steps.whatToDo, /终端 7 号（前台1号）/);
  assert.match(steps.whatIsKept, /3 条/);
  assert.equal(troubles({ ...stopped, link: { ...stopped.link, standing: 'quarantined', trouble: { zh: '对不上', en: 'x' } } }).join(''), '');
});
