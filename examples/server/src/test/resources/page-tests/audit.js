/** What can be measured of how readable and usable the shown page is. Each function lists what is wrong. */

const LEAST_CONTRAST = 4.5; // WCAG 2.2, 1.4.3
const LEAST_CONTRAST_LARGE = 3;
const LARGE_PX = 24;
const LARGE_BOLD_PX = 18.66;
const LEAST_TARGET_PX = 24; // WCAG 2.2, 2.5.8

const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
  .getContext('2d', { willReadFrequently: true });

/** Any CSS color as [red, green, blue, alpha], 0 to 255 and 0 to 1. */
function rgba(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function over([r, g, b, a], ground) {
  return [r, g, b].map((value, i) => value * a + ground[i] * (1 - a));
}

function luminance(color) {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The color behind an element: the grounds of its ancestors, one over the other. Null where a picture is there. */
function ground(element) {
  const layers = [];
  for (let at = element; at !== null; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.backgroundImage !== 'none' || at.classList.contains('frame')) {
      return null;
    }
    layers.push(rgba(style.backgroundColor));
  }
  return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
}

/** Texts that do not stand out from what is behind them. */
export function paleTexts() {
  document.getAnimations().filter((animation) => animation instanceof CSSTransition)
    .forEach((transition) => transition.finish()); // colors as they will be, not on their way there
  const pale = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === '' || !element.checkVisibility({ visibilityProperty: true })
      || element.closest('.visually-hidden, template, script, [aria-hidden=true]')) {
      continue;
    }
    const behind = ground(element);
    if (behind === null) {
      continue;
    }
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= LARGE_PX || (size >= LARGE_BOLD_PX && Number(style.fontWeight) >= 700);
    const [a, b] = [luminance(over(rgba(style.color), behind)), luminance(behind)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < (large ? LEAST_CONTRAST_LARGE : LEAST_CONTRAST)) {
      pale.push(`“${node.textContent.trim()}” has a contrast of ${contrast.toFixed(2)}`);
    }
  }
  return pale;
}

const CONTROLS = 'button, a[href], input, select, textarea, summary, [tabindex]';

function shownControls() {
  return [...document.querySelectorAll(CONTROLS)].filter((element) => element.checkVisibility() && !element.disabled);
}

/** Controls that a finger would miss. Controls within a label are as large as the label. */
export function smallTargets() {
  return shownControls().map((element) => element.closest('label') ?? element)
    .filter((element) => !element.matches('.skip'))
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => Math.min(box.width, box.height) < LEAST_TARGET_PX)
    .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} is ${box.width} x ${box.height}`);
}

/** Selectors of which the last element (of words: their last line) cannot be seen as it is: outside the window, or behind something. */
export async function outOfSight(selectors) {
  await painted();
  return selectors.filter((selector) => {
    const found = [...document.querySelectorAll(selector)].at(-1);
    const { left, top, right, bottom } = [...found.getClientRects()].at(-1);
    const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    return !inside || !found.contains(seen);
  });
}

/** Sliders that are not at the height of their neighbor's. */
export function crookedSliders() {
  const top = (element) => element.getBoundingClientRect().top;
  const settings = [...document.querySelectorAll('.setting')];
  const slider = (setting) => setting.querySelector('input');
  return settings.filter((one) => settings.some((other) => top(one) === top(other) && top(slider(one)) !== top(slider(other))))
    .map((one) => slider(one).name);
}

/** When what changed has been laid out and painted. */
function painted() {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

/** Rules for `:hover` that also hold where nothing hovers. */
export function hoversOnTouch() {
  const rules = (list) => [...list].flatMap((rule) => (rule.media?.mediaText.includes('hover') ? [] : [rule, ...rules(rule.cssRules ?? [])]));
  return [...document.styleSheets].flatMap((sheet) => rules(sheet.cssRules))
    .filter((rule) => rule.selectorText?.includes(':hover')).map((rule) => rule.selectorText);
}

/** Whether one can see where the focus is: an outline on the element, or on what stands for it. */
export function focusIsVisible() {
  const focused = document.activeElement;
  const standIns = [focused, focused.closest('label'), ...(focused.parentElement?.querySelectorAll('.star') ?? [])];
  return standIns.some((element) => element !== null && getComputedStyle(element).outlineStyle !== 'none'
    && parseFloat(getComputedStyle(element).outlineWidth) >= 2);
}

/** The focused element, in few words. */
export function focusName() {
  const focused = document.activeElement;
  return focused.id || focused.className || focused.tagName.toLowerCase();
}

/** Headings that skip a level, and landmarks that are missing or twice there. */
export function structureFaults() {
  const faults = [];
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) {
      faults.push(`${heading.tagName} after H${level}: “${heading.textContent.trim()}”`);
    }
    level = next;
  }
  for (const landmark of ['h1', 'main', 'body > header']) {
    const found = document.querySelectorAll(landmark).length;
    if (found !== 1) {
      faults.push(`${found} of ${landmark}`);
    }
  }
  if (document.documentElement.lang === '' || document.title === '') {
    faults.push('no language or no title');
  }
  return faults;
}

/** Parts of the page that move by themselves. */
export function moving() {
  return document.getAnimations().map((animation) => animation.effect.target.outerHTML.slice(0, 80));
}
