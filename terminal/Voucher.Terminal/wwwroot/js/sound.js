// One sound and one short sentence for each kind of verdict, for those who do not look or do not read.
import { isEnglish, pick } from './words.js';

const melodies = {
  accepted: { type: 'sine', notes: [[880, 0, 0.12], [1320, 0.13, 0.22]] },
  refused: { type: 'square', notes: [[196, 0, 0.22], [147, 0.26, 0.4]] },
  held: { type: 'triangle', notes: [[523, 0, 0.18], [440, 0.22, 0.3]] },
  waiting: { type: 'triangle', notes: [[587, 0, 0.16], [587, 0.24, 0.16]] },
};

let audio;

/** Browsers start silent: the first touch or key opens the sound. */
export async function openSound() {
  audio ??= new AudioContext();
  // Without a touch the browser never answers: the hint stays until someone touches.
  if (audio.state === 'suspended') await Promise.race([audio.resume(), new Promise(done => setTimeout(done, 200))]);
}

export const soundIsOpen = () => audio?.state === 'running';

export function play(outcome) {
  if (!soundIsOpen()) return;
  const { type, notes } = melodies[outcome];
  for (const [frequency, start, length] of notes) tone(type, frequency, audio.currentTime + start, length);
}

function tone(type, frequency, at, length) {
  const source = new OscillatorNode(audio, { type, frequency });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.35, at + 0.01);
  volume.gain.setValueAtTime(0.35, at + length - 0.03);
  volume.gain.linearRampToValueAtTime(0, at + length);
  source.connect(volume).connect(audio.destination);
  source.start(at);
  source.stop(at + length);
}

/** Says the first clause only: dates and numbers are for the eye. */
export function speak(words) {
  if (!('speechSynthesis' in window)) return;
  speechSynthesis.cancel();
  const sentence = new SpeechSynthesisUtterance(firstClause(pick(words)));
  sentence.lang = isEnglish() ? 'en-US' : 'zh-CN';
  speechSynthesis.speak(sentence);
}

export const firstClause = text => text.split(/[：:（(。；;]/u)[0];
