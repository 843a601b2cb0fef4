// Bright room, dark room, or as the machine says. What the desk chose is kept.

export const THEMES = ['auto', 'bright', 'dark'];
const kept = 'voucher.theme';
const machine = matchMedia('(prefers-color-scheme: dark)');

export const chosenTheme = () => THEMES.find(theme => theme === localStorage.getItem(kept)) ?? 'auto';

/** The theme to show. Pure. */
export const themeFor = (chosen, machineIsDark) => (chosen === 'auto' ? (machineIsDark ? 'dark' : 'bright') : chosen);

export function chooseTheme(theme) {
  localStorage.setItem(kept, theme);
  showTheme();
}

export function showTheme() {
  document.documentElement.dataset.theme = themeFor(chosenTheme(), machine.matches);
}

machine.addEventListener('change', showTheme);
