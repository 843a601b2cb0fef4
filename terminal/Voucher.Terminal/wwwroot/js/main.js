// Puts the page together.
import { listen } from './program.js';
import { Camera } from './camera.js';
import { chooseCode } from './choose-code.js';
import { ClassPicker } from './class-picker.js';
import { Desk } from './desk.js';
import { Keys } from './keys.js';
import { PairingPage } from './pairing.js';
import { refreshRecent, seenAtOnce, tellLate } from './recent.js';
import { cameraIs } from './readers.js';
import { RepeatFilter } from './repeat-filter.js';
import { openSound, soundIsOpen } from './sound.js';
import { StatusBar } from './status-bar.js';
import { say, show, switchLanguage } from './words.js';

const byId = id => document.getElementById(id);
const SHORT_CODE = /^\d{12}$/;

const bar = new StatusBar();
const pairing = new PairingPage();
const classes = new ClassPicker(byId('class-picker'));
const inView = new RepeatFilter();
const desk = new Desk(classes);
let working = false;
let cameraProblem = 'cameraStarting';

new Keys(desk, () => working);

const camera = new Camera(byId('video'), texts => {
  const choice = working ? chooseCode(inView.see(texts, performance.now()), texts) : null;
  byId('camera').dataset.inView = inView.count;
  if (choice?.code) desk.code(choice.code, false);
  if (!choice?.several) return;
  inView.hold(choice.several);
  desk.severalCodes();
}, problem => {
  cameraProblem = problem;
  cameraIs(problem === null);
  showCamera();
  desk.cameraIs(problem === null);
});

function showCamera() {
  byId('camera').dataset.state = cameraProblem === null ? 'on' : cameraProblem === 'cameraStarting' ? 'starting' : 'off';
  byId('camera-problem').textContent = cameraProblem ? say(cameraProblem) : '';
}

function startWork() {
  working = true;
  pairing.hide();
  byId('desk').hidden = false;
  camera.open();
  refreshRecent();
}

function stopWork() {
  working = false;
  byId('desk').hidden = true;
  desk.dismiss();
}

listen({
  state(state) {
    bar.show(state);
    classes.show(state.setup?.classes ?? []);
    const works = PairingPage.isWorking(state);
    if (works && !working) startWork();
    if (!works && working) stopWork();
    if (!works) pairing.show(state);
  },
  late(verdict) {
    if (desk.late(verdict)) seenAtOnce(verdict);
    else tellLate(verdict);
    refreshRecent();
  },
  gone: () => bar.programGone(),
});

byId('short-code').addEventListener('input', () => {
  const input = byId('short-code');
  input.value = input.value.replace(/[\uFF10-\uFF19]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xFEE0)).replace(/[^0-9 -]/g, '');
  byId('short-code-error').textContent = '';
});
byId('short-code-form').addEventListener('submit', event => {
  event.preventDefault();
  const digits = byId('short-code').value.replace(/[ -]/g, '');
  if (SHORT_CODE.test(digits)) desk.shortCode(digits);
  else byId('short-code-error').textContent = say('shortCodeWrong');
});
byId('camera-retry').addEventListener('click', () => camera.open());
byId('language').addEventListener('click', () => { switchLanguage(); refreshRecent(); });
document.addEventListener('language', showCamera);
for (const touch of ['pointerdown', 'keydown']) {
  document.addEventListener(touch, async () => {
    await openSound();
    byId('sound-hint').hidden = soundIsOpen();
  }, { capture: true });
}
// Sheet and verdict fill all but the bar, which wraps on narrow screens.
new ResizeObserver(([bar]) => document.documentElement.style.setProperty('--bar', `${bar.borderBoxSize[0].blockSize}px`)).observe(document.querySelector('.bar'));
openSound().then(() => { byId('sound-hint').hidden = soundIsOpen(); });
show();
