// F-keys and Esc, wherever the focus is, in a note too. Scanners send digits and Enter, so none of these is either: those are keys.js's.

export class Shortcuts {
  /** actions: { F6: action, … }. A key that is held down acts once. */
  constructor(actions) {
    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing || !(event.code in actions)) return;
      // The browser's own meaning (help, caret, menu) would take the focus away from the desk.
      event.preventDefault();
      if (!event.repeat) actions[event.code]();
    }, { capture: true });
  }
}
