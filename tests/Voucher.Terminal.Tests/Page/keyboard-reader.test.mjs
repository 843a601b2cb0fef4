import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BURST_DELIVERY_MS, DELIVERY_MS, FEW_KEYS, KeyboardReader, keyOf, LATE_ENTER_MS, SURELY_A_MACHINE, VOUCHER_DELIVERY_MS, VOUCHER_DIGITS } from '../../../terminal/Voucher.Terminal/wwwroot/js/keyboard-reader.js';

const voucher = '12'.repeat(VOUCHER_DIGITS / 2);
const other = '34'.repeat(VOUCHER_DIGITS / 2);

class Typist {
  reader = new KeyboardReader(); at = 1000; readings = [];
  type(keys, gap) {
    for (const key of keys) {
      this.at += gap;
      this.readings.push(...this.reader.press(key, this.at));
    }
    return this;
  }
  enter(gap = 5) { return this.type(['enter'], gap); }
  pause(ms = 1000) {
    this.at += ms;
    this.readings.push(...this.reader.tick(this.at));
    return this;
  }
  get kinds() { return this.readings.map(reading => reading.kind); }
  get typed() { return this.readings.filter(reading => reading.kind === 'typed').map(reading => reading.text).join(''); }
}

for (const gap of [0, 1, 5, 15, 30]) {
  test(`A voucher at ${gap} ms a key is read once, with and without Enter`, () => {
    assert.deepEqual(new Typist().type(voucher, gap).enter(gap).pause().readings, [{ kind: 'voucher', text: voucher }]);
    assert.deepEqual(new Typist().type(voucher, gap).pause().readings, [{ kind: 'voucher', text: voucher }]);
  });

  test(`Two vouchers back to back at ${gap} ms a key are two`, () => {
    const expected = [{ kind: 'voucher', text: voucher }, { kind: 'voucher', text: other }];
    assert.deepEqual(new Typist().type(voucher, gap).type(other, gap).pause().readings, expected);
    assert.deepEqual(new Typist().type(voucher, gap).enter().type(other, gap).enter().pause().readings, expected);
  });
}

test('A voucher is read at its last digit, without waiting for a pause', () => {
  assert.deepEqual(new Typist().type(voucher, 2).kinds, ['voucher']);
});

test('A scanner that hesitates in the middle is one scanner still', () => {
  assert.deepEqual(new Typist().type(voucher.slice(0, 80), 5).type(voucher.slice(80), 5).kinds, ['voucher']);
  const hesitating = new Typist().type(voucher.slice(0, 80), 5);
  hesitating.at += 250;
  assert.deepEqual(hesitating.type(voucher.slice(80), 5).kinds, ['voucher']);
});

test('What a person types comes key by key, and Enter is theirs', () => {
  const person = new Typist().type('123456789012', 140).enter(200);
  assert.equal(person.typed, '123456789012');
  assert.equal(person.kinds.at(-1), 'enter');
});

test('A person who rolls two keys is no scanner', () => {
  const person = new Typist().type('12', 20).type('3', 120).type('45', 25).pause();
  assert.equal(person.typed, '12345');
});

test('A typed digit is delivered as soon as the next key of a machine would have come', () => {
  const person = new Typist().type('7', 100);
  assert.equal(person.reader.dueAt, person.at + DELIVERY_MS + 1);
  assert.equal(person.pause(DELIVERY_MS + 1).typed, '7');
});

test('Keys that a busy PC delivers by fits and starts are one scanner: their own times count', () => {
  const delayed = (keys, ms) => {
    const scanner = new Typist().type(voucher.slice(0, keys), 5);
    scanner.readings.push(...scanner.reader.tick(scanner.at + ms));
    return scanner.type(voucher.slice(keys), 5).kinds;
  };
  assert.deepEqual(delayed(1, DELIVERY_MS), ['voucher']);
  assert.deepEqual(delayed(FEW_KEYS, BURST_DELIVERY_MS), ['voucher']);
  assert.deepEqual(delayed(100, BURST_DELIVERY_MS), ['voucher']);
  assert.deepEqual(delayed(SURELY_A_MACHINE, VOUCHER_DELIVERY_MS), ['voucher']);
  assert.deepEqual(delayed(VOUCHER_DIGITS - 1, VOUCHER_DELIVERY_MS), ['voucher']);
});

test('A person who types before a scan keeps what was typed', () => {
  const both = new Typist().type('12', 150).pause(200).type(voucher, 5).enter();
  assert.deepEqual(both.kinds, ['typed', 'typed', 'voucher']);
});

test('An identity card reader is told by its eighteen characters, the last of which may be X', () => {
  assert.deepEqual(new Typist().type('11010519491231002X', 4).enter().readings, [{ kind: 'card', text: '11010519491231002X' }]);
  assert.deepEqual(new Typist().type('440524188001010014', 4).pause().kinds, ['card']);
});

test('Twelve digits at a machine’s pace are a short code', () => {
  assert.deepEqual(new Typist().type('123456789012', 4).enter().kinds, ['shortCode']);
});

test('A scanned web address or goods code is foreign, and its Enter presses no button', () => {
  assert.deepEqual(new Typist().type([...'https://x'].map(() => 'other'), 5).type('6901234567892', 5).enter().kinds, ['foreign']);
  assert.deepEqual(new Typist().type('6901234567892', 5).enter().kinds, ['foreign']);
});

test('A voucher of which a part is missing is said to be foreign, not typed somewhere', () => {
  assert.deepEqual(new Typist().type(voucher.slice(5), 5).enter().kinds, ['foreign']);
});

test('Enter long after a scan is a person’s', () => {
  assert.deepEqual(new Typist().type(voucher, 5).enter(LATE_ENTER_MS + 1).kinds, ['voucher', 'enter']);
});

test('After a foreign code the next voucher is read as if nothing had been', () => {
  assert.deepEqual(new Typist().type('6901234567892', 5).enter().type(voucher, 5).kinds, ['foreign', 'voucher']);
});

const press = (code, more = {}) => keyOf({ code, shiftKey: false, ...more });

test('Keys are told by their place: input method, Caps Lock and the keypad make no difference', () => {
  assert.equal(press('Digit7', { key: 'Process' }), '7');
  assert.equal(press('Numpad7', { key: 'Home' }), '7');
  assert.equal(press('KeyX', { key: 'x' }), 'X');
  assert.equal(press('NumpadEnter'), 'enter');
  assert.equal(press('Slash'), 'other');
  assert.equal(press('Digit4', { shiftKey: true }), 'other');
  for (const code of ['Tab', 'Escape', 'F1', 'ArrowDown', 'Backspace', 'ShiftLeft']) assert.equal(press(code), null);
});
