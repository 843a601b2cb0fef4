import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../../terminal/Voucher.Terminal/wwwroot/js/camera-test.js';
import { QUIET_MS, ScannerTest } from '../../../terminal/Voucher.Terminal/wwwroot/js/scanner-test.js';

function typed(keys, msBetween, withEnter = false) {
  const scanner = new ScannerTest();
  for (let i = 0; i < keys; i++) scanner.key(String(i % 10), 1000 + i * msBetween);
  if (withEnter) scanner.key('Enter', 1000 + keys * msBetween);
  return scanner;
}

test('before the first key there is no result', () => assert.equal(new ScannerTest().result(), null));

test('a scanner is known by its speed, and its Enter is told', () => {
  assert.deepEqual(typed(202, 5, true).result(), { keys: 202, msPerKey: 5, enter: true, isMachine: true });
  assert.equal(typed(202, 30).result().enter, false);
});

test('a person is not taken for a scanner', () => {
  assert.equal(typed(18, 140).result().isMachine, false);
  assert.equal(typed(4, 5).result().isMachine, false);
});

test('the last scan counts alone, and keys without a character do not count', () => {
  const scanner = typed(202, 5, true);
  scanner.key('Shift', 3_000);
  for (let i = 0; i < 12; i++) scanner.key('1', 3_000 + QUIET_MS + i * 8);
  assert.deepEqual(scanner.result(), { keys: 12, msPerKey: 8, enter: false, isMachine: true });
});

test('a slow or narrow camera is told', () => {
  assert.equal(judge(1280, 720, 29.7).health, 'good');
  assert.deepEqual(judge(1280, 720, 29.7).says, ['1280×720，每秒 30 帧', '1280×720, 30 frames a second']);
  assert.equal(judge(1280, 720, 8).health, 'attention');
  assert.equal(judge(320, 240, 30).health, 'bad');
  assert.equal(judge(1280, 720, 0).health, 'bad');
});
