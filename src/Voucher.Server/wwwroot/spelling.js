// Finds Chinese text by its characters, its pinyin without tones, the initials of its pinyin, or a mixture; a character with several
// readings is found by each. The server has the same rule in Spelling.cs.

/** What is typed, in small ASCII letters, without blanks and apostrophes, ü as v. */
export const normalise = typed => typed.normalize("NFKC").toLowerCase().replace(/[\s'’]/gu, "").replaceAll("ü", "v");

/** Whether what is wanted, normalised, stands somewhere in the text. `spell`: readings by commas, characters by blanks. */
export function matches(text, spell, wanted) {
  if (wanted === "") return true;
  const characters = [...text.toLowerCase()];
  const readings = spell.split(" ").map(one => one.split(",").filter(Boolean));
  return characters.some((_, start) => matchesFrom(start, characters, readings, wanted));
}

function matchesFrom(start, characters, readings, wanted) {
  let reached = new Set([0]);
  for (let at = start; at < characters.length && reached.size > 0; at++) {
    const next = new Set();
    for (const position of reached) for (const end of after(characters[at], readings[at] ?? [], wanted, position)) next.add(end);
    if (next.has(wanted.length)) return true;
    reached = next;
  }
  return false;
}

/** How far one character can bring what is wanted: by itself, or by the beginning of one of its readings. */
function* after(character, readings, wanted, position) {
  if (wanted.startsWith(character, position)) yield position + character.length;
  for (const reading of readings)
    for (let length = 1; length <= reading.length && wanted[position + length - 1] === reading[length - 1]; length++) yield position + length;
}
