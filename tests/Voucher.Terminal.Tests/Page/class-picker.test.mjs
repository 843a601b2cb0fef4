import assert from 'node:assert/strict';
import { test } from 'node:test';

const kept = new Map();
globalThis.localStorage = { getItem: key => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, String(value)) };
globalThis.document = { addEventListener() {} };
globalThis.Option = class { constructor(text, value, _, selected) { Object.assign(this, { text, value: String(value), selected }); } };
const { ClassPicker, guess, inOrder } = await import('../../../terminal/Voucher.Terminal/wwwroot/js/class-picker.js');

/** As a browser's select: shows the option that is marked, and says when a person changes it. */
class Select {
  value = '';
  addEventListener(_, changed) { this.changed = changed; }
  replaceChildren(...options) { this.value = options.find(option => option.selected)?.value ?? options[0].value; }
  choose(id) { this.value = String(id); this.changed(); }
}

const morning = new Date('2026-11-22T01:00:00Z');
const nextMorning = new Date('2026-11-23T01:00:00Z');
const aClass = (id, today) => ({ id, name: `${id}班`, today, startsOn: '2026-11-01', endsOn: '2026-12-31' });

function open() {
  const select = new Select();
  const clock = { now: morning };
  return { select, clock, picker: new ClassPicker(select, () => clock.now) };
}

test.beforeEach(() => kept.clear());

test('A kiosk left on overnight guesses anew', () => {
  const { clock, picker } = open();
  picker.show([aClass(1, ['09:00–11:30']), aClass(2, [])]);
  assert.equal(picker.chosen.id, 1);
  clock.now = nextMorning;
  picker.show([aClass(1, []), aClass(2, ['09:00–11:30'])]);
  assert.equal(picker.chosen.id, 2);
});

test('The desk’s own choice stays overnight and over a restart', () => {
  const { select, clock, picker } = open();
  picker.show([aClass(1, ['09:00–11:30']), aClass(2, [])]);
  select.choose(2);
  clock.now = nextMorning;
  picker.show([aClass(1, ['09:00–11:30']), aClass(2, []), aClass(3, [])]);
  assert.equal(picker.chosen.id, 2);
  const again = open();
  again.picker.show([aClass(1, ['09:00–11:30']), aClass(2, [])]);
  assert.equal(again.picker.chosen.id, 2);
});

test('A guess that the desk has seen does not change under its hands on the same day', () => {
  const { picker } = open();
  picker.show([aClass(1, ['14:00–17:00'])]);
  picker.show([aClass(1, ['14:00–17:00']), aClass(2, ['09:00–11:30'])]);
  assert.equal(picker.chosen.id, 1);
});

test('Of those preferred the first that exists is chosen', () => {
  assert.equal(guess([aClass(1, []), aClass(2, [])], 0, 9, 2), 2);
});

const afternoon = new Date('2026-11-22T06:10:00Z');
const both = [aClass(1, ['09:00–11:30']), aClass(2, ['14:00–17:00'])];

test('A kiosk that starts in the afternoon guesses the class of the afternoon', () => {
  const { clock, picker } = open();
  clock.now = afternoon;
  picker.show(both);
  assert.equal(picker.chosen.id, 2);
});

test('When another class’s session comes on it is offered, and nothing moves by itself', () => {
  const { clock, picker } = open();
  picker.show(both);
  assert.equal(picker.onNow, null);
  clock.now = afternoon;
  assert.equal(picker.chosen.id, 1);
  assert.equal(picker.onNow.id, 2);
  picker.choose(2);
  assert.equal(picker.chosen.id, 2);
  assert.equal(picker.onNow, null);
});

test('A class that the desk has passed over by hand is not offered again', () => {
  const { select, clock, picker } = open();
  clock.now = afternoon;
  picker.show([...both, aClass(3, [])]);
  select.choose(3);
  assert.equal(picker.onNow, null);
});

test('Whoever follows the chosen class hears of every other, and of no same one', () => {
  const { select, picker } = open();
  const heard = [];
  picker.addEventListener('chosen', () => heard.push(picker.chosen.id));
  picker.show(both);
  picker.show([...both, aClass(3, [])]);
  select.choose(3);
  assert.deepEqual(heard, [1, 3]);
});

test('On now goes before later today, that before over, and that before another day', () => {
  const classes = [aClass(1, []), aClass(2, ['08:00–10:00']), aClass(3, ['15:00–17:00']), aClass(4, ['13:00–15:00'])];
  assert.deepEqual(inOrder(classes, 14 * 60).map(one => one.id), [4, 3, 2, 1]);
});
