// The desk's own settings: light of the room, practice, and which key does what.
import { chooseTheme, chosenTheme, THEMES } from './theme.js';

const byId = id => document.getElementById(id);

export class Settings {
  constructor(panels, practice) {
    for (const theme of THEMES) {
      byId(`theme-${theme}`).addEventListener('click', () => { chooseTheme(theme); this.#fill(); });
    }
    byId('practice-toggle').addEventListener('click', () => practice.toggle());
    byId('settings-open').addEventListener('click', () => panels.toggle('settings'));
    this.#fill();
  }

  #fill() {
    for (const theme of THEMES) byId(`theme-${theme}`).setAttribute('aria-pressed', String(theme === chosenTheme()));
  }
}
