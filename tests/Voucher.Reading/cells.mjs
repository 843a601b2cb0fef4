// Which pictures are made: every kind at three strengths, at 90, 130 and 180 pixels of symbol width, in two sizes of frame.
import { KINDS } from './scene/kinds.mjs';

const WIDTHS = [90, 130, 180];
const FRAMES = [[640, 480], [1280, 720]];
const STRENGTHS = [0, 1, 2];

const crossed = (...lists) => lists.reduce((rows, list) => rows.flatMap(row => list.map(one => [...row, one])), [[]]);

export const ALL = KINDS.flatMap(kind => crossed(STRENGTHS, WIDTHS, FRAMES, kind.carriers).map(([strength, width, frame, carrier]) => ({ kind, strength, width, frame, carrier })));

/** Two of each kind, small and hard enough that plain decoders miss many. */
export const QUICK = KINDS.flatMap((kind, i) => [
  { kind, strength: 1, width: WIDTHS[i % 2], frame: FRAMES[0], carrier: kind.carriers[0] },
  { kind, strength: i % 3, width: WIDTHS[(i + 1) % 3], frame: FRAMES[i % 4 === 0 ? 1 : 0], carrier: kind.carriers.at(-1) },
]);
