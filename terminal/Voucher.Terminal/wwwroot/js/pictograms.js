// Shapes that say how it went, and pictures of what to do next, for those who do not read. Pure.

const svg = body => `<svg viewBox="0 0 100 100">${body}</svg>`;

/** One shape for each outcome; no two share an outline, so that colour is never the only difference. */
export const shapes = {
  accepted: svg('<circle cx="50" cy="50" r="45"/><path d="M27 52 43 68 74 34"/>'),
  // Accepted, with a clock at the corner: it will be confirmed.
  provisional: svg('<path class="solid" d="M6 18A12 12 0 0 1 18 6h64a12 12 0 0 1 12 12v36M54 94H18A12 12 0 0 1 6 82V18"/><path d="M24 48 39 63 68 31"/><circle class="solid" cx="78" cy="78" r="18"/><path class="solid" d="M78 68v11l8 4"/>'),
  refused: svg('<path class="solid" d="M31 4h38l27 27v38L69 96H31L4 69V31Z"/><path d="m32 32 36 36m0-36L32 68"/>'),
  // A person is asked; nobody is accused.
  held: svg('<path class="solid" d="M50 5 95 50 50 95 5 50Z"/><circle cx="50" cy="37" r="9"/><path d="M33 66c0-12 7-16 17-16s17 4 17 16"/>'),
  waiting: svg('<path class="solid" d="M20 6h60M20 94h60"/><path class="solid" d="M28 6c0 24 44 40 44 88M72 6c0 24-44 40-44 88"/><path d="M42 84h16"/>'),
};

/** What the person in front of the desk does next. */
export const pictures = {
  sit: svg('<circle cx="44" cy="15" r="10"/><path d="M44 30v32h24v30M44 44l22 6"/><path d="M28 40v52M28 66h16"/>'),
  leave: svg('<path d="M44 8H14v84h30"/><circle cx="57" cy="24" r="8"/><path d="M57 37v26l12 28M57 63 44 88M57 42l14 12M74 24h20m-9-9 9 9-9 9"/>'),
  certificate: svg('<path d="M8 14h84v56H62M40 70H8V14M24 32h52M24 46h32"/><circle cx="51" cy="66" r="12"/><path d="m44 76-5 18 12-7 12 7-5-18"/>'),
  wait: svg('<circle cx="50" cy="50" r="40"/><path d="M50 24v28l18 11"/>'),
  desk: svg('<circle cx="24" cy="26" r="10"/><path d="M24 41v24M24 65 15 92M24 65l9 27M24 48l16 8"/><circle cx="76" cy="26" r="10"/><path d="M64 54c0-10 5-14 12-14s12 4 12 14"/><path d="M48 60h46v32H54V60"/>'),
  card: svg('<path d="M6 20h88v60H6Z"/><circle cx="30" cy="42" r="9"/><path d="M16 66c0-9 6-13 14-13s14 4 14 13M56 38h26M56 50h26M56 62h16"/>'),
  show: svg('<path d="M24 6h52v50H24Z"/><path d="M34 16h12v12H34ZM54 16h12v12H54ZM34 36h12v12H34ZM56 38h4m4 8h4M50 94V68m-14 12 14-14 14 14"/>'),
};

const accepted = { 1: 'sit', 2: 'sit', 3: 'leave', 4: 'certificate' };

/** Refusals after which something else helps than asking at the desk; by their number. */
const refused = {
  101: 'show', 102: 'show', 108: 'desk', 109: 'show',
  204: 'wait', 205: 'wait', 206: 'wait',
  305: 'sit', 511: 'sit', 513: 'leave',
  401: 'card', 402: 'card',
};

/** A verdict → the name of its picture. */
export function pictureOf({ outcome, mode, refusal, picture }) {
  if (picture) return picture;
  if (outcome === 'accepted' || outcome === 'provisional') return accepted[mode] ?? 'sit';
  if (outcome === 'refused') return refused[refusal] ?? 'desk';
  return 'wait';
}
