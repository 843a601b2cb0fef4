import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classOnNow, EARLY_MINUTES, fits, nearness, otherClassFor } from '../../../terminal/Voucher.Terminal/wwwroot/js/class-fit.js';

const [ENROL, CHECK_IN] = [1, 2];
const day = '2026-11-22';
const aClass = (id, programmeCode, more = {}) =>
  ({ id, programmeCode, tradeCode: 7, today: [], startsOn: '2026-11-01', endsOn: '2026-12-31', enrolled: 3, capacity: 20, ...more });

test('A voucher for anything fits every class; one for a programme or a trade fits its own', () => {
  assert.ok(fits({ programme: null, trade: null }, aClass(1, 41)));
  assert.ok(fits({ programme: 0, trade: 0 }, aClass(1, 41)));
  assert.ok(fits({ programme: 41, trade: null }, aClass(1, 41)));
  assert.ok(!fits({ programme: 52, trade: null }, aClass(1, 41)));
  assert.ok(!fits({ programme: null, trade: 8 }, aClass(1, 41)));
});

test('A class of an older program, which does not tell its codes, is left to the server', () => {
  const { programmeCode, tradeCode, ...older } = aClass(1, 41);
  assert.ok(fits({ programme: 52, trade: 8 }, older));
});

test('The one other class that fits is offered', () => {
  const classes = [aClass(1, 41), aClass(2, 52), aClass(3, 63)];
  assert.equal(otherClassFor({ programme: 52, trade: null }, classes[0], classes, ENROL, day).id, 2);
});

test('Nothing is offered when the chosen class fits, when none other does, and when several do', () => {
  const classes = [aClass(1, 41), aClass(2, 52), aClass(3, 52)];
  assert.equal(otherClassFor({ programme: 41, trade: null }, classes[0], classes, ENROL, day), null);
  assert.equal(otherClassFor({ programme: 99, trade: null }, classes[0], classes, ENROL, day), null);
  assert.equal(otherClassFor({ programme: 52, trade: null }, classes[0], classes, ENROL, day), null);
  assert.equal(otherClassFor({ programme: 52, trade: null }, null, classes, ENROL, day), null);
});

test('A class that is over, full, or not begun is not open', () => {
  const voucher = { programme: 52, trade: null };
  const among = other => otherClassFor(voucher, aClass(1, 41), [aClass(1, 41), other], ENROL, day);
  assert.equal(among(aClass(2, 52, { endsOn: '2026-11-21' })), null);
  assert.equal(among(aClass(2, 52, { enrolled: 20 })), null);
  const later = aClass(2, 52, { startsOn: '2026-11-23' });
  assert.equal(among(later).id, 2);
  assert.equal(otherClassFor(voucher, aClass(1, 41), [aClass(1, 41), later], CHECK_IN, day), null);
  const full = aClass(2, 52, { enrolled: 20 });
  assert.equal(otherClassFor(voucher, aClass(1, 41), [aClass(1, 41), full], CHECK_IN, day).id, 2);
});

test('A session is on from half an hour before it begins until it ends', () => {
  const one = { today: ['09:00–11:30'] };
  assert.equal(nearness(one, 9 * 60 - EARLY_MINUTES - 1), 1);
  assert.equal(nearness(one, 9 * 60 - EARLY_MINUTES), 0);
  assert.equal(nearness(one, 11 * 60 + 30), 0);
  assert.equal(nearness(one, 11 * 60 + 31), 2);
  assert.equal(nearness({ today: [] }, 600), 3);
  assert.equal(nearness({ today: ['09:00–11:30', '14:00–17:00'] }, 15 * 60), 0);
});

test('Of two classes that are on now neither is preferred', () => {
  const [over, on, alsoOn] = [aClass(1, 41, { today: ['08:00–09:00'] }), aClass(2, 52, { today: ['14:00–17:00'] }), aClass(3, 63, { today: ['14:00–17:00'] })];
  assert.equal(classOnNow(over, [over, on], 15 * 60).id, 2);
  assert.equal(classOnNow(over, [over, on, alsoOn], 15 * 60), null);
  assert.equal(classOnNow(on, [over, on, alsoOn], 15 * 60), null);
});
