import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDigits, isWhole } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/mod97.js';
import { mend, parityOf } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/reed-solomon.js';
import { readEvidence, RESERVE } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/soft-symbol.js';
import { PAPER, SCREEN } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/symbol-layout.js';
import { isVoucherText } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/voucher-text.js';
import { Random } from '../../Voucher.Reading/random.mjs';
import { drawText, drawVoucher } from '../../Voucher.Reading/vouchers.mjs';

test('The example of ISO 7064 has check digits 44', () => {
  assert.equal(checkDigits('794'), '44');
  assert.ok(isWhole('79444'));
  assert.ok(!isWhole('79443'));
});

test('Check digits agree with plain big integers', () => {
  const random = new Random(97);
  for (let i = 0; i < 2000; i++) {
    const digits = Array.from({ length: 1 + random.below(220) }, () => random.below(10)).join('');
    const expected = String(98n - (BigInt(digits) * 100n) % 97n).padStart(2, '0');
    assert.equal(checkDigits(digits), expected);
    assert.ok(isWhole(digits + expected));
  }
});

test('A voucher’s text is whole, and no single wrong digit passes', () => {
  const text = drawText(new Random(1));
  assert.ok(isVoucherText(text));
  for (let at = 0; at < text.length; at++) assert.ok(!isVoucherText(text.slice(0, at) + ((Number(text[at]) + 1) % 10) + text.slice(at + 1)));
  assert.ok(!isVoucherText(`9${text.slice(1, 200)}${checkDigits(`9${text.slice(1, 200)}`)}`));
});

const sampled = (random, count, length) => {
  const places = Array.from({ length }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const other = i + random.below(length - i);
    [places[i], places[other]] = [places[other], places[i]];
  }
  return places.slice(0, count);
};

test('A block is mended up to its bound of errors and erasures, and nothing beyond it comes out wrong', () => {
  const random = new Random(2);
  for (let round = 0; round < 600; round++) {
    const data = Uint8Array.from({ length: 15 }, () => random.below(256));
    const whole = Uint8Array.of(...data, ...parityOf(data, 18));
    const [errors, erasures] = [random.below(12), random.below(19)];
    const places = sampled(random, Math.min(whole.length, errors + erasures), whole.length);
    const broken = Uint8Array.from(whole);
    for (const place of places) broken[place] ^= 1 + random.below(255);
    const mended = mend(broken, 18, places.slice(errors), RESERVE);
    if (2 * errors + erasures <= 18 - RESERVE) assert.deepEqual(mended.block, whole);
    else assert.ok(mended === null, `${errors} errors, ${erasures} erasures`);
  }
});

const seen = ({ modules }, deviation, random) => Float32Array.from(modules, dark => (2 * ((dark ? 1 : -1) + deviation * random.normal())) / deviation ** 2);

for (const [layout, carrier] of [[SCREEN, 'screen'], [PAPER, 'paper']]) {
  test(`Every module of the symbol for ${carrier} that is known beforehand is as an independent encoder draws it, and the text comes back`, () => {
    const random = new Random(3);
    for (let i = 0; i < 40; i++) {
      const voucher = drawVoucher(random, carrier);
      assert.equal(layout.size, voucher.size);
      layout.known.forEach((sign, at) => { if (sign) assert.equal(sign > 0, voucher.modules[at] === 1); });
      assert.equal(readEvidence(layout, seen(voucher, 0.35, random)).text, voucher.text);
    }
  });

  test(`Out of noise, out of another size and out of half a ${carrier} symbol no text comes`, () => {
    const random = new Random(4);
    for (let i = 0; i < 40; i++) {
      const evidence = seen(drawVoucher(random, carrier), 0.4, random);
      assert.equal(readEvidence(layout, evidence.map(() => 3 * random.normal())).text, null);
      assert.equal(readEvidence(layout, evidence.map((value, at) => (at < evidence.length / 2 ? value : 3 * random.normal()))).text, null);
    }
  });

  test(`The evidence of two ${carrier} vouchers mixed gives one of them or nothing, never a third`, () => {
    const random = new Random(5);
    for (let i = 0; i < 40; i++) {
      const [a, b] = [drawVoucher(random, carrier), drawVoucher(random, carrier)];
      const [left, right] = [seen(a, 0.5, random), seen(b, 0.5, random)];
      for (const share of [0.3, 0.5, 0.7]) {
        const { text } = readEvidence(layout, left.map((value, at) => value * share + right[at] * (1 - share)));
        assert.ok([null, a.text, b.text].includes(text));
      }
    }
  });

  test(`What ten noisy looks at a ${carrier} symbol cannot tell one by one they tell together`, () => {
    const random = new Random(6);
    const voucher = drawVoucher(random, carrier);
    const looks = Array.from({ length: 10 }, () => seen(voucher, 0.9, random));
    assert.ok(looks.every(look => readEvidence(layout, look).text === null));
    assert.equal(readEvidence(layout, looks.reduce((sum, look) => sum.map((value, i) => value + look[i]))).text, voucher.text);
  });
}
