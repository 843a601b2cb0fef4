import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOfCode } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/code-kind.js';

globalThis.localStorage = { getItem: () => null, setItem() {} };
const { both } = await import('../../../terminal/Voucher.Terminal/wwwroot/js/words.js');

const codes = {
  payment: ['wxp://f2f0abcdefghijklmnop', 'https://qr.alipay.com/fkx12345', 'HTTPS://QR.ALIPAY.COM/FKX1', 'https://qr.95516.com/00010000/62', '287654321098765432', '134567890123456789', '6212345678901234567'],
  identity: ['110105194912310021', '44052419800101001X', '11010519491231002x'],
  wifi: ['WIFI:T:WPA;S:county;P:secret;;'],
  contact: ['BEGIN:VCARD\nVERSION:3.0', 'https://u.wechat.com/abc', 'tel:09411234567'],
  health: ['健康码:1234'],
  address: ['https://www.gov.cn/', 'HTTP://example.cn/pay'],
  goods: ['6901234567892', '69012345'],
  digits: ['1234', '0'.repeat(201), '0'.repeat(203)],
  other: ['hello', '张三', ' '],
};

for (const [kind, texts] of Object.entries(codes)) {
  test(`Of the kind ${kind} are its codes, and the page says so in both languages`, () => {
    for (const text of texts) assert.equal(kindOfCode(text), kind, text);
    const { zh, en } = both(`is-${kind}`);
    assert.match(zh, /培训券/);
    assert.match(en, /voucher/);
  });
}

test('What may be a voucher goes to the program, which knows', () => {
  assert.equal(kindOfCode('0'.repeat(202)), null);
});
