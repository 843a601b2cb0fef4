import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem() {} };
globalThis.document = { addEventListener() {} };
const js = '../../../terminal/Voucher.Terminal/wwwroot/js';
const { melodies, sentenceOf, voiceFor } = await import(`${js}/sound.js`);
const { pictureOf, pictures, shapes } = await import(`${js}/pictograms.js`);
const { both } = await import(`${js}/words.js`);
const { SHOWN_MS } = await import(`${js}/verdict.js`);

const outcomes = ['accepted', 'provisional', 'refused', 'held', 'waiting'];
const distinct = values => assert.equal(new Set(values).size, values.length);

test('Every outcome has one shape, one sound, one sentence and a time of its own', () => {
  distinct(outcomes.map(outcome => shapes[outcome]));
  distinct(outcomes.map(outcome => both(sentenceOf({ outcome })).zh));
  distinct(outcomes.map(outcome => both(sentenceOf({ outcome })).en));
  for (const outcome of outcomes) assert.ok(SHOWN_MS[outcome] >= 4000, outcome);
});

/** What a person remembers of a sound: how many tones, whether it rises or falls, high or low. */
const contour = ({ notes }) => {
  const rises = notes.slice(1).map(([hz], i) => Math.sign(hz - notes[i][0])).join();
  return `${notes.length}|${rises}|${notes[0][0] < 300 ? 'low' : 'high'}`;
};

test('Without any voice the sounds can be told apart by their contour alone', () => distinct(outcomes.map(outcome => contour(melodies[outcome]))));

test('The notes of a sound do not overlap', () => {
  for (const { notes } of Object.values(melodies)) {
    notes.slice(1).forEach(([, start], i) => assert.ok(start >= notes[i][1] + notes[i][2] - 1e-9));
  }
});

test('Every sentence and every picture’s words exist, for every mode', () => {
  for (const mode of [1, 2, 3, 4]) assert.ok(both(sentenceOf({ outcome: 'accepted', mode })).zh);
  for (const picture of Object.keys(pictures)) assert.ok(both(`next_${picture}`).zh, picture);
});

test('A voice of the language is used, and never one of another', () => {
  const voices = [{ lang: 'en-US' }, { lang: 'zh_CN' }];
  assert.equal(voiceFor('zh', voices).lang, 'zh_CN');
  assert.equal(voiceFor('en', voices).lang, 'en-US');
  assert.equal(voiceFor('zh', [{ lang: 'de-DE' }]), null);
});

test('The picture says what to do next', () => {
  assert.equal(pictureOf({ outcome: 'accepted', mode: 1 }), 'sit');
  assert.equal(pictureOf({ outcome: 'provisional', mode: 2 }), 'sit');
  assert.equal(pictureOf({ outcome: 'accepted', mode: 3 }), 'leave');
  assert.equal(pictureOf({ outcome: 'accepted', mode: 4 }), 'certificate');
  assert.equal(pictureOf({ outcome: 'waiting', mode: 2 }), 'wait');
  assert.equal(pictureOf({ outcome: 'held', mode: 2, refusal: 312 }), 'wait');
  assert.equal(pictureOf({ outcome: 'refused', mode: 1, refusal: 401 }), 'card');
  assert.equal(pictureOf({ outcome: 'refused', mode: 1, refusal: 101 }), 'show');
  assert.equal(pictureOf({ outcome: 'refused', mode: 2, refusal: 511 }), 'sit');
  assert.equal(pictureOf({ outcome: 'refused', mode: 1, refusal: 304 }), 'desk');
  assert.equal(pictureOf({ outcome: 'refused', refusal: 0, picture: 'show' }), 'show');
});
