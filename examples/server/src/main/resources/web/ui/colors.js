/** The switch for the colors of the words, which outlives a reload. */

const PLAIN = 'moshivis.plain';

export function bindColors(checkbox) {
  const show = () => document.body.classList.toggle('plain', !checkbox.checked);
  checkbox.checked = sessionStorage.getItem(PLAIN) === null;
  checkbox.addEventListener('change', () => {
    show();
    if (checkbox.checked) {
      sessionStorage.removeItem(PLAIN);
    } else {
      sessionStorage.setItem(PLAIN, 'true');
    }
  });
  show();
}
