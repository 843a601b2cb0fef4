// One sound and one short sentence for each kind of verdict, for those who do not look or do not read.
import { isEnglish, say } from './words.js';

/** Notes are [Hz, start s, length s]. Told apart by contour alone: up; up and a low third; two low down; a trill; one tick. */
export const melodies = {
  accepted: { type: 'sine', notes: [[880, 0, 0.12], [1320, 0.13, 0.24]] },
  provisional: { type: 'sine', notes: [[880, 0, 0.12], [1320, 0.13, 0.12], [660, 0.34, 0.3]] },
  refused: { type: 'square', notes: [[196, 0, 0.22], [147, 0.26, 0.42]] },
  held: { type: 'triangle', notes: [[620, 0, 0.1], [780, 0.1, 0.1], [620, 0.2, 0.1], [780, 0.3, 0.1], [620, 0.55, 0.1], [780, 0.65, 0.1], [620, 0.75, 0.1]] },
  waiting: { type: 'triangle', notes: [[520, 0, 0.09]] },
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

/** The key of the sentence that is spoken for a verdict. Why it was refused is for the eye: the room need not hear it. Pure. */
export const sentenceOf = ({ outcome, mode }) => (outcome === 'accepted' ? `spokenAccepted${mode ?? 2}` : `spoken_${outcome}`);

/** The voice for a language, or null: no voice is better than one that reads Chinese as English. Pure. */
export const voiceFor = (language, voices) => voices.find(voice => voice.lang.toLowerCase().replace('_', '-').startsWith(language)) ?? null;

export function speak(verdict) {
  if (!('speechSynthesis' in window)) return;
  const voice = voiceFor(isEnglish() ? 'en' : 'zh', speechSynthesis.getVoices());
  if (!voice) return;
  speechSynthesis.cancel();
  const sentence = new SpeechSynthesisUtterance(say(sentenceOf(verdict)));
  Object.assign(sentence, { voice, lang: voice.lang });
  speechSynthesis.speak(sentence);
}
