import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseCode } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/choose-code.js';
import { GONE_AFTER_MS, RepeatFilter } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/repeat-filter.js';

const voucher = '1'.repeat(202);
const another = '2'.repeat(202);

test('A voucher held in view for a minute counts once', () => {
  const filter = new RepeatFilter();
  let counted = 0;
  for (let at = 0; at < 60_000; at += 66) counted += filter.see([voucher], at).length;
  assert.equal(counted, 1);
});

test('A frame that misses it does not make it new', () => {
  const filter = new RepeatFilter();
  filter.see([voucher], 0);
  filter.see([], 900);
  assert.deepEqual(filter.see([voucher], GONE_AFTER_MS - 1), []);
});

test('Once it has been gone long enough it counts again', () => {
  const filter = new RepeatFilter();
  filter.see([voucher], 0);
  assert.deepEqual(filter.see([voucher], GONE_AFTER_MS), [voucher]);
});

test('What counts as in view is told, so that the desk sees when it may be shown again', () => {
  const filter = new RepeatFilter();
  filter.see([voucher], 0);
  assert.equal(filter.count, 1);
  filter.see([], GONE_AFTER_MS - 1);
  assert.equal(filter.count, 1);
  filter.see([], GONE_AFTER_MS);
  assert.equal(filter.count, 0);
});

test('Another voucher counts while the first is still in view, and twice in one frame is once', () => {
  const filter = new RepeatFilter();
  filter.see([voucher], 0);
  assert.deepEqual(filter.see([voucher, 'b', 'b'], 10), ['b']);
});

test('Of several codes the voucher is chosen, and a payment code beside a voucher is not spoken of', () => {
  assert.deepEqual(chooseCode(['https://pay', voucher], ['https://pay', voucher]), { code: voucher });
  assert.equal(chooseCode(['https://pay'], ['https://pay', voucher]), null);
  assert.deepEqual(chooseCode(['https://pay'], ['https://pay']), { code: 'https://pay' });
  assert.equal(chooseCode([], []), null);
});

test('Of two vouchers that come together none is taken', () => {
  assert.deepEqual(chooseCode([voucher, another], [voucher, another]), { several: [voucher, another] });
  assert.deepEqual(chooseCode([another], [voucher, another]), { code: another });
});

test('Of two that came together the one that is left counts once the other is gone', () => {
  const filter = new RepeatFilter();
  filter.hold(filter.see([voucher, another], 0));
  assert.deepEqual(filter.see([voucher, another], 100), []);
  // The decoder misses one: both are in view still.
  assert.deepEqual(filter.see([another], 200), []);
  assert.deepEqual(filter.see([another], 100 + GONE_AFTER_MS), [another]);
  assert.deepEqual(filter.see([another], 200 + GONE_AFTER_MS), []);
});

test('Both that came together may be taken away and shown one by one', () => {
  const filter = new RepeatFilter();
  filter.hold(filter.see([voucher, another], 0));
  assert.deepEqual(filter.see([], GONE_AFTER_MS), []);
  assert.deepEqual(filter.see([voucher], GONE_AFTER_MS + 10), [voucher]);
  assert.deepEqual(filter.see([another], GONE_AFTER_MS + 20), [another]);
});
