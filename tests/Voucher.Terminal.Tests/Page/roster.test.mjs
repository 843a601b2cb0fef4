import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem() {} };
globalThis.document = { addEventListener() {} };
const { arrange, emptyWords } = await import('../../../terminal/Voucher.Terminal/wwwroot/js/roster.js');

const person = (number, checkedIn = null, checkedOut = null, provisional = false) => ({ number, name: null, provisional, checkedIn, checkedOut });
const session = { startsAt: '09:00', endsAt: '11:30' };

test('Who is missing stands first, then who is here, then who has left', () => {
  const day = arrange({ session, people: [person('a', '09:01', '11:20'), person('b', '09:02'), person('c'), person('d', '09:00'), person('e')] });
  assert.deepEqual(day.people.map(one => one.number), ['c', 'e', 'b', 'd', 'a']);
  assert.deepEqual([day.came, day.missing, day.left], [3, 2, 1]);
});

test('On a day without a session nobody is missing', () => {
  const day = arrange({ session: null, people: [person('a'), person('b')] });
  assert.equal(day.missing, 0);
  assert.deepEqual(day.people.map(one => one.standing), ['enrolled', 'enrolled']);
});

test('Those whose enrolment is to be confirmed are counted', () => {
  assert.equal(arrange({ session, people: [person('a', null, null, true), person('b')] }).provisional, 1);
});

test('Each reason for an empty roster says what to do about it', () => {
  const keys = [emptyWords(null, 0, null), emptyWords({}, 404, null), emptyWords({}, 0, null), emptyWords({}, 200, { people: [] })];
  assert.deepEqual(keys, ['rosterNoClass', 'rosterUnknown', 'rosterGone', 'rosterEmpty']);
  assert.equal(emptyWords({}, 200, { people: [person('a')] }), null);
});
