import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BURST_DELIVERY_MS, DELIVERY_MS, FEW_KEYS, KeyboardReader, keyOf, LATE_ENTER_MS, SURELY_A_MACHINE, VOUCHER_DELIVERY_MS } from '../../../terminal/Voucher.Terminal/wwwroot/js/keyboard-reader.js';
import { checkDigits } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/mod97.js';
import { isVoucherText, VOUCHER_DIGITS } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/voucher-text.js';

/** A token of layout 1 in digits, as a scanner types it. */
function voucherOf(serial) {
  const digits = ((0x11n << 656n) + BigInt(serial) * 123456789n ** 20n).toString().padStart(200, '0');
  return digits + checkDigits(digits);
}

const voucher = voucherOf(7);
const other = voucherOf(8);
assert.ok(isVoucherText(voucher) && isVoucherText(other));

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

const endings = { 'no ending': [], Enter: ['enter'], Tab: ['tab'] };
const read = text => ({ kind: 'voucher', text });

for (const gap of [0, 1, 2, 3, 5, 8, 12, 15, 20, 25, 30]) {
  for (const [ending, keys] of Object.entries(endings)) {
    test(`At ${gap} ms a key with ${ending}: one scan is one, two back to back are two, three with a pause are three`, () => {
      const scan = (typist, text) => typist.type(text, gap).type(keys, gap);
      assert.deepEqual(scan(new Typist(), voucher).pause().readings, [read(voucher)]);
      assert.deepEqual(scan(scan(new Typist(), voucher), other).pause().readings, [read(voucher), read(other)]);
      assert.deepEqual(scan(scan(scan(new Typist(), voucher).pause(500), other).pause(500), voucher).pause().readings, [read(voucher), read(other), read(voucher)]);
    });

    test(`At ${gap} ms a key with ${ending}: what a person strikes before and after the scan stays theirs`, () => {
      const typist = new Typist().type('12', 150).type(voucher, gap).type(keys, gap).type('34', 150).pause();
      assert.deepEqual(typist.kinds, ['typed', 'typed', 'voucher', 'typed', 'typed']);
      assert.equal(typist.typed, '1234');
    });
  }

  test(`At ${gap} ms a key: a digit struck the moment before a scan begins is a person’s, and the voucher is whole`, () => {
    assert.deepEqual(new Typist().type('5', 150).type(voucher, gap).enter().readings, [{ kind: 'typed', text: '5' }, read(voucher)]);
  });

  test(`At ${gap} ms a key: a digit struck in the middle of a scan spoils it, and never makes another voucher of it`, () => {
    for (const at of [1, 100, 201]) {
      const spoilt = new Typist().type(voucher.slice(0, at), gap).type('0', 0).type(voucher.slice(at), gap).enter().pause();
      assert.ok(spoilt.readings.every(({ kind, text }) => kind !== 'voucher' || text === voucher));
    }
  });
}

test('A letter struck in the middle of a scan is no scanner’s and is left out', () => {
  assert.deepEqual(new Typist().type(voucher.slice(0, 60), 5).type(['other', 'X'], 0).type(voucher.slice(60), 5).enter().readings, [read(voucher)]);
});

test('Digits of which one is wrong are handed on whole once the scanner is done, so that the program can say what is wrong', () => {
  const wrong = `${voucher.slice(0, -1)}${(Number(voucher.at(-1)) + 1) % 10}`;
  assert.deepEqual(new Typist().type(wrong, 5).readings, []);
  assert.deepEqual(new Typist().type(wrong, 5).enter().readings, [read(wrong)]);
  assert.deepEqual(new Typist().type(wrong, 5).pause(VOUCHER_DELIVERY_MS + 1).readings, [read(wrong)]);
});

test('Tab long after a scan is a person’s', () => {
  assert.deepEqual(new Typist().type(voucher, 5).type(['tab'], LATE_ENTER_MS + 1).kinds, ['voucher', 'tab']);
});

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

test('Keys that were given out as typed because a PC brought the next one too late still are the beginning of their burst', () => {
  const held = (keys, text, late = BURST_DELIVERY_MS + 1) => {
    const scanner = new Typist().type(text.slice(0, keys), 5);
    scanner.readings.push(...scanner.reader.tick(scanner.at + late));
    assert.equal(scanner.typed, text.slice(0, keys));
    return scanner.type(text.slice(keys), 5).enter();
  };
  for (const keys of [1, 2, 3, 9]) {
    assert.deepEqual(held(keys, voucher).readings.slice(keys), [read(voucher)]);
    assert.deepEqual(held(keys, '440524188001010014').readings.slice(keys), [{ kind: 'card', text: '440524188001010014' }]);
    assert.deepEqual(held(keys, `5${voucher}`).readings.slice(keys), [read(voucher)]);
  }
  assert.deepEqual(held(1, `56${voucher}`).readings.slice(1), [{ kind: 'typed', text: '6' }, read(voucher)]);
});

test('A short code whose first keys were given out as typed says how many they were', () => {
  const scanner = new Typist().type('123', 5);
  scanner.readings.push(...scanner.reader.tick(scanner.at + DELIVERY_MS + 1));
  assert.deepEqual(scanner.type('456789012', 5).enter().readings.at(-1), { kind: 'shortCode', text: '123456789012', told: 3 });
});

test('A scan that a PC holds up twice at its beginning is one voucher, and each key is typed once', () => {
  const scanner = new Typist().type(voucher.slice(0, 1), 5);
  scanner.readings.push(...scanner.reader.tick(scanner.at + DELIVERY_MS + 1));
  scanner.type(voucher.slice(1, 3), 5);
  scanner.readings.push(...scanner.reader.tick(scanner.at + DELIVERY_MS + 1));
  scanner.type(voucher.slice(3), 5);
  assert.equal(scanner.typed, voucher.slice(0, 3));
  assert.deepEqual(scanner.readings.slice(3), [read(voucher)]);
});

test('What a person typed is given out once, however late the PC brings the next key, and Enter stays theirs', () => {
  const person = new Typist().type('1', 150);
  person.readings.push(...person.reader.tick(person.at + DELIVERY_MS + 1));
  person.type('2', 30).enter(40).type('3', 20).pause();
  assert.deepEqual(person.kinds, ['typed', 'typed', 'enter', 'typed']);
  assert.equal(person.typed, '123');
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
  assert.equal(press('Tab'), 'tab');
  assert.equal(press('Tab', { shiftKey: true }), null);
  assert.equal(press('Slash'), 'other');
  assert.equal(press('Digit4', { shiftKey: true }), 'other');
  for (const code of ['Escape', 'F1', 'ArrowDown', 'Backspace', 'ShiftLeft']) assert.equal(press(code), null);
});

test('Keys without a place, from a phone or a remote desktop, are told by what they write, full-width or not', () => {
  assert.equal(press('', { key: '7' }), '7');
  assert.equal(press('', { key: '７' }), '7');
  assert.equal(press('', { key: 'Enter' }), 'enter');
  assert.equal(press('', { key: 'x' }), 'X');
  assert.equal(press('', { key: 'a' }), 'other');
  for (const key of ['Shift', 'Unidentified', 'CapsLock']) assert.equal(press('', { key }), null);
});
