import assert from 'node:assert/strict';
import { test } from 'node:test';

const js = '../../../terminal/Voucher.Terminal/wwwroot/js';
const { isKnown, isSameReading, PAUSES_MS, SAME_FOR_MS, ScanQuestion, UnansweredScans } = await import(`${js}/scan-question.js`);

const order = { scanId: 'a-1', mode: 2, classId: 31, digits: '777', shortCode: null, idNumber: null };
const verdict = { outcome: 'accepted', scanId: 'a-1' };
const lost = () => { throw new Error('the answer was lost'); };

/** A program that answers in turn as it is told; what it was asked, and the pauses between. */
function program(...answers) {
  const asked = [];
  const pauses = [];
  const once = async (path, body) => { asked.push({ path, body }); return answers.shift()(); };
  return { asked, pauses, once, pause: async ms => { pauses.push(ms); } };
}
const questionTo = ({ once, pause }) => new ScanQuestion(order, once, pause);

test('A scan whose answer is lost is asked again as the same scan, and the desk is told so once', async () => {
  const there = program(lost, lost, () => ({ status: 200, body: verdict }));
  let told = 0;
  const question = questionTo(there);
  assert.equal((await question.answer(() => { told++; })).body, verdict);
  assert.equal(told, 1);
  assert.deepEqual(there.asked.map(one => one.body), [order, order, order]);
  assert.deepEqual(there.pauses, PAUSES_MS.slice(0, 2));
});

test('A scan that is answered at once is asked once, and nothing is said', async () => {
  const there = program(() => ({ status: 200, body: verdict }));
  const question = questionTo(there);
  await question.answer(assert.fail);
  assert.equal(there.asked.length, 1);
  assert.equal(question.isAskedAgain, false);
});

test('An error of the program is no answer: it may have saved the scan', async () => {
  const there = program(() => ({ status: 500, body: { title: 'fault' } }), () => ({ status: 200, body: verdict }));
  const question = questionTo(there);
  assert.equal((await question.answer(() => {})).status, 200);
  assert.equal(there.asked.length, 2);
});

test('An answer that comes in the stream of events ends the asking', async () => {
  const question = questionTo(program(lost, () => new Promise(() => {})));
  const answer = question.answer(() => {});
  await new Promise(done => setTimeout(done, 5));
  assert.equal(question.tell({ outcome: 'refused', scanId: 'b-2' }), false);
  assert.equal(question.tell(verdict), true);
  assert.deepEqual(await answer, { status: 200, body: verdict });
});

test('A desk that does not wait stops the asking, and no question follows', async () => {
  let go;
  const there = program(lost, () => ({ status: 200, body: verdict }));
  there.pause = () => new Promise(done => { go = done; });
  const question = questionTo(there);
  const answer = question.answer(() => {});
  await new Promise(done => setTimeout(done, 5));
  question.stop();
  assert.equal(await answer, null);
  go();
  await new Promise(done => setTimeout(done, 5));
  assert.equal(there.asked.length, 1);
});

test('What says that nothing was saved counts, and a stranger’s no only before anything was lost', () => {
  assert.ok(isKnown({ status: 507, body: { reason: { zh: '满', en: 'full' } } }, 3));
  assert.ok(isKnown({ status: 400, body: { errors: [{}] } }, 3));
  assert.ok(isKnown({ status: 403, body: null }, 0));
  assert.ok(!isKnown({ status: 403, body: null }, 1));
  assert.ok(!isKnown({ status: 500, body: null }, 0));
  assert.ok(!isKnown({ status: 200, body: null }, 0));
});

test('The same code shown again soon is the same scan; in another class, another mode or later it is not', () => {
  const scans = new UnansweredScans();
  const newId = () => 'new';
  const { scanId, ...again } = order;
  scans.keep(order, 1000);
  assert.equal(scans.withId(again, 2000, newId).scanId, scanId);
  assert.equal(scans.withId({ ...again, mode: 3 }, 2000, newId).scanId, 'new');
  assert.equal(scans.withId({ ...again, classId: 32 }, 2000, newId).scanId, 'new');
  assert.equal(scans.withId(again, 1000 + SAME_FOR_MS, newId).scanId, 'new');
});

test('The reading at work, shown once more, is the same; a card, another class or practice make it another', () => {
  const reading = { digits: '1', mode: 2, chosen: { id: 31 }, isPractice: false };
  assert.ok(isSameReading(reading, { ...reading, isAimed: true, chosen: { id: 31, name: 'as listed anew' } }));
  for (const other of [{ digits: '2' }, { mode: 3 }, { chosen: { id: 32 } }, { isPractice: true }, { idNumber: '11010519491231002X' }, { isClassSure: true }, { foreign: 'url' }])
    assert.ok(!isSameReading(reading, { ...reading, ...other }));
});

test('A scan that was answered after all is another the next time', () => {
  const scans = new UnansweredScans();
  scans.keep(order, 0);
  scans.settle(order.scanId);
  assert.equal(scans.withId(order, 1, () => 'new').scanId, 'new');
});

test('No identity number is kept', () => {
  const scans = new UnansweredScans();
  scans.keep({ ...order, mode: 1, idNumber: '11010519491231002X' }, 0);
  assert.equal(scans.withId({ ...order, mode: 1, idNumber: null }, 1).idNumber, null);
  scans.keep({ ...order, scanId: 'c-3', digits: null, shortCode: '123456789012', mode: 1, idNumber: '11010519491231002X' }, 0);
  assert.equal(scans.withId({ mode: 1, classId: 31, digits: null, shortCode: '123456789012' }, 1, () => 'new').scanId, 'new');
});
