// Tells the program which readers work here, for the county's list of terminals: at each change, and every minute.
import { ask } from './program.js';

const EVERY_MS = 60_000;

let camera = false;
let scanner = false;

const tell = () => ask('/local/readers', { camera, scanner }).catch(() => { /* The program is gone; the page says so elsewhere. */ });

export function cameraIs(works) {
  if (camera === works) return;
  camera = works;
  tell();
}

/** A burst of keys came at a machine's pace. */
export function scannerHeard() {
  if (scanner) return;
  scanner = true;
  tell();
}

setInterval(tell, EVERY_MS);
