// Numbers as people read them, the way hinterland/report/figure.cpp writes them: three digits that count.

export function compact(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (value === 0) return '0';
  const suffixes = ['', 'k', 'M', 'G', 'T'];
  let scaled = value;
  let suffix = 0;
  while (Math.abs(scaled) >= 999.5 && suffix + 1 < suffixes.length) {
    scaled /= 1000;
    ++suffix;
  }
  const size = Math.abs(scaled);
  const before = size < 1 ? Math.floor(Math.log10(size)) : size < 9.995 ? 0 : size < 99.95 ? 1 : 2;
  const digits = Math.min(Math.max(2 - before, 0), 12);
  const text = scaled.toFixed(digits);
  return (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text) + suffixes[suffix];
}

// A point of the calendar: whole for the beginning of a year, else with its tenth.
export function calendar(year) {
  return Number.isInteger(year) ? String(year) : year.toFixed(1);
}

// Text that may stand in HTML: a tooltip is HTML, and names may hold anything.
export function escaped(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}

// Tooltip lines: the first in bold, then pairs of name and figure.
export function tip(title, lines) {
  const rows = lines.map(([mark, name, figure]) =>
    `<div style="display:flex;gap:1em;justify-content:space-between"><span>${mark ?? ''}${escaped(name)}</span>` +
    `<b>${escaped(figure)}</b></div>`);
  return `<b>${escaped(title)}</b>${rows.join('')}`;
}

// A line of text that is longer than `most` characters (a Chinese one counts double), cut.
export function shortened(text, most) {
  let width = 0;
  for (let i = 0; i < text.length; ++i) {
    width += text.charCodeAt(i) > 0x2e7f ? 2 : 1;
    if (width > most) return `${text.slice(0, Math.max(1, i - 1))}…`;
  }
  return text;
}

// How wide a text is in characters, a Chinese one counting double.
export function textWidth(text) {
  let width = 0;
  for (const character of text) width += character.charCodeAt(0) > 0x2e7f ? 2 : 1;
  return width;
}
