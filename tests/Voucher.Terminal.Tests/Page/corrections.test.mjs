import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem() {} };
globalThis.document = { addEventListener() {} };
const { cleanNote, LONGEST_NOTE, mayAsk, withoutVoucher } = await import('../../../terminal/Voucher.Terminal/wwwroot/js/corrections.js');

test('A correction can be asked for once, and only for a scan that was written down', () => {
  assert.ok(mayAsk({ scanId: 'a', correction: null }));
  assert.ok(!mayAsk({ scanId: 'a', correction: 'requested' }));
  assert.ok(!mayAsk({ scanId: null, correction: null }));
});

test('A note stays as it was written, up to its longest', () => {
  assert.equal(cleanNote('应该是二班'), '应该是二班');
  assert.equal(cleanNote('x'.repeat(LONGEST_NOTE + 1)).length, LONGEST_NOTE);
});

test('A voucher that a scanner types into the note is taken out and read', () => {
  const digits = '7'.repeat(202);
  assert.deepEqual(withoutVoucher(`错${digits}了`), { rest: '错了', voucher: digits });
  assert.deepEqual(withoutVoucher('7'.repeat(201)), { rest: '7'.repeat(201), voucher: null });
});

test('An identity number does not stay in a note, full-width or not', () => {
  assert.equal(cleanNote('马 11010519491231002X 来过'), '马  来过');
  assert.equal(cleanNote('１１０１０５１９４９１２３１００２ｘ'), '');
});
