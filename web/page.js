// The page itself: the switch between English and Chinese. Texts of both languages are in the page; what is chosen
// stands in the root's `lang`, styles follow it, and nothing is remembered elsewhere. `#zh` opens it in Chinese.

const root = document.documentElement;
const buttons = [...document.querySelectorAll('.languages button')];

function choose(language) {
  root.lang = language;
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.lang === language));
  const chinese = language !== 'en';
  for (const element of document.querySelectorAll('[data-en]')) {
    const label = (chinese && element.dataset.zh) || element.dataset.en;
    if (element.tagName === 'TITLE') element.textContent = label;
    else element.setAttribute('aria-label', label);
  }
  document.dispatchEvent(new Event('languagechosen'));
}

for (const button of buttons) button.addEventListener('click', () => choose(button.lang));
choose(location.hash === '#zh' ? 'zh-Hans' : 'en');
