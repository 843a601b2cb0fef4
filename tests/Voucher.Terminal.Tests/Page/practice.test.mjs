import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem() {} };
globalThis.document = { addEventListener() {} };
const { IdleLimit, PRACTICE_ENDS_MS } = await import('../../../terminal/Voucher.Terminal/wwwroot/js/practice.js');

test('Practice is over a quarter of an hour after it was last used, and not before', () => {
  const idle = new IdleLimit(PRACTICE_ENDS_MS, 1000);
  assert.equal(PRACTICE_ENDS_MS, 900_000);
  assert.ok(!idle.isOver(1000 + PRACTICE_ENDS_MS - 1));
  assert.ok(idle.isOver(1000 + PRACTICE_ENDS_MS));
  idle.use(1000 + PRACTICE_ENDS_MS);
  assert.ok(!idle.isOver(1000 + PRACTICE_ENDS_MS + 1));
});
