import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, LONGEST_CODE, whatWasRead } from '../../../terminal/Voucher.Terminal/wwwroot/js/first-step.js';

test('A voucher that was read goes on with its number', () => {
  assert.deepEqual(whatWasRead({ status: 200, body: { voucherNumber: '6229 2600 0000 0123', verdict: null } }), { voucher: '6229 2600 0000 0123', programme: null, trade: null });
});

test('What a voucher may be used for goes on with it', () => {
  const body = { voucherNumber: '6229 2600 0000 0123', verdict: null, programme: 41, trade: 7 };
  assert.deepEqual(whatWasRead({ status: 200, body }), { voucher: '6229 2600 0000 0123', programme: 41, trade: 7 });
});

test('What is no voucher is said', () => {
  const verdict = { outcome: 'refused', refusal: 101 };
  assert.deepEqual(whatWasRead({ status: 200, body: { voucherNumber: null, verdict } }), { verdict });
});

test('A reading that the program cannot use is no voucher, whatever the status', () => {
  const error = { field: 'digits', problem: { zh: '应为 1 至 512 个字符。', en: 'Between 1 and 512 characters.' } };
  assert.deepEqual(whatWasRead({ status: 400, body: { errors: [error] } }), { error });
  assert.deepEqual(whatWasRead({ status: 500, body: {} }), { error: null });
  assert.deepEqual(whatWasRead({ status: 413, body: null }), { error: null });
});

test('A long text is cut, and never in the middle of a character', () => {
  assert.equal(codeOf('1'.repeat(LONGEST_CODE + 1)), '1'.repeat(LONGEST_CODE));
  assert.equal(codeOf('1'.repeat(LONGEST_CODE - 1) + '😀'), '1'.repeat(LONGEST_CODE - 1));
  assert.equal(codeOf('1'.repeat(LONGEST_CODE - 2) + '😀'), '1'.repeat(LONGEST_CODE - 2) + '😀');
});
