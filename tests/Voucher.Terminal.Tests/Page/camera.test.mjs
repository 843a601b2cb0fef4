import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Camera } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/camera.js';

/** A stream with one track, as a webcam gives it. */
class Stream {
  isLive = true;
  #ended = [];
  getTracks() { return [{ stop: () => { this.isLive = false; } }]; }
  getVideoTracks() { return [{ addEventListener: (_, listener) => this.#ended.push(listener) }]; }
  unplug() { this.#ended.forEach(listener => listener()); }
}

globalThis.Worker = class { terminate() {} };

/** A camera, the streams that the browser has been asked for, and what the page was told last. */
function plugIn() {
  const asked = [];
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { mediaDevices: { addEventListener() {}, getUserMedia: () => new Promise((give, refuse) => asked.push({ give, refuse })) } },
  });
  const video = { play: async () => {}, requestVideoFrameCallback() {} };
  const told = {};
  return { asked, video, told, camera: new Camera(video, () => {}, problem => { told.last = problem; }) };
}

test.mock.timers.enable({ apis: ['setTimeout'] });

test('Opened again, it lets go of the stream it had', async () => {
  const { asked, video, camera, told } = plugIn();
  const [first, second] = [new Stream(), new Stream()];
  const opening = camera.open();
  asked[0].give(first);
  await opening;
  const again = camera.open();
  asked[1].give(second);
  await again;
  assert.equal(first.isLive, false);
  assert.equal(second.isLive, true);
  assert.equal(video.srcObject, second);
  assert.equal(told.last, null);
});

test('Of two openings at once the later counts, whichever stream comes first', async () => {
  const { asked, video, camera, told } = plugIn();
  const [early, late] = [new Stream(), new Stream()];
  const openings = [camera.open(), camera.open()];
  asked[1].give(late);
  await openings[1];
  asked[0].give(early);
  await openings[0];
  assert.equal(early.isLive, false);
  assert.equal(late.isLive, true);
  assert.equal(video.srcObject, late);
  assert.equal(told.last, null);
});

test('An opening that fails after a later one has begun says nothing', async () => {
  const { asked, camera, told } = plugIn();
  const openings = [camera.open(), camera.open()];
  asked[1].give(new Stream());
  await openings[1];
  asked[0].refuse(Object.assign(new Error(), { name: 'NotReadableError' }));
  await openings[0];
  assert.equal(told.last, null);
});

test('The end of an earlier stream is no end of the present one', async () => {
  const { asked, camera, told } = plugIn();
  const [first, second] = [new Stream(), new Stream()];
  const opening = camera.open();
  asked[0].give(first);
  await opening;
  const again = camera.open();
  asked[1].give(second);
  await again;
  first.unplug();
  assert.equal(second.isLive, true);
  assert.equal(told.last, null);
  second.unplug();
  assert.equal(told.last, 'cameraMissing');
});

test('While a frame is being read others pass, and then the newest is read, without a queue', async () => {
  const sent = [];
  let worker;
  globalThis.Worker = class {
    constructor() { worker = this; }
    postMessage(frame) { sent.push(frame); }
    terminate() {}
  };
  let shown = 0;
  globalThis.createImageBitmap = async () => shown;
  const { asked, video, camera } = plugIn();
  const frames = [];
  video.requestVideoFrameCallback = callback => frames.push(callback);
  const nextFrame = async () => {
    shown++;
    frames.shift()();
    await Promise.resolve();
  };
  const opening = camera.open();
  asked[0].give(new Stream());
  await opening;

  await nextFrame();
  for (let i = 0; i < 4; i++) await nextFrame();
  assert.deepEqual(sent, [1]);
  worker.onmessage({ data: { texts: [] } });
  await Promise.resolve();
  assert.deepEqual(sent, [1, 5]);
  worker.onmessage({ data: { texts: [] } });
  await Promise.resolve();
  // Nothing newer has come: the same frame is not read twice.
  assert.deepEqual(sent, [1, 5]);
  await nextFrame();
  assert.deepEqual(sent, [1, 5, 6]);
  assert.equal(camera.examined, 2);
});
