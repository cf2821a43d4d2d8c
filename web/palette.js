// Colours of the charts, for light and for dark pages. Parts differ in lightness as well as in hue, so that they can
// be told apart without seeing colours, and on a grey printer.

const LIGHT = {
  ink: '#1c2329', faint: '#5a646d', line: '#dcd8cf', card: '#ffffff', land: '#ece8df', coast: '#c4bdae',
  parts: ['#d9942b', '#27567f', '#8f7fbf', '#7c8489', '#4fb0ae', '#a83a32', '#b9a44c', '#5d3a66'],
  scale: ['#f3f0dd', '#b9d9c3', '#6bb3b4', '#2f7d9a', '#1f4a78', '#231f4f'],
  groups: { home: '#a83a32', best: '#0b7a4b', allowed: '#27567f', refused: '#8b9399' },
  low: '#5f9fb3', high: '#d9942b',
};

const DARK = {
  ink: '#e4e7e8', faint: '#9aa5ad', line: '#313a41', card: '#181e23', land: '#262e34', coast: '#46525b',
  parts: ['#eab04d', '#4f8fc4', '#b3a5e0', '#a3abb0', '#5cc4c0', '#e06d62', '#d6c470', '#a878b3'],
  scale: ['#1c2440', '#22507c', '#2c86a0', '#62b9ae', '#b4dcb7', '#f6f2d8'],
  groups: { home: '#e8776b', best: '#4bc58a', allowed: '#6ba8dc', refused: '#7f8a92' },
  low: '#5f9fb3', high: '#eab04d',
};

export const palette = (dark) => (dark ? DARK : LIGHT);
