/** A conversation to keep: its words as plain text, or with sound and pictures as one page that needs nothing else. */

const STYLE = `body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 18px/1.75 system-ui, sans-serif; }
audio { width: 100%; } figure { margin: 1rem 0; } figure img { max-width: 100%; max-height: 24rem; border-radius: 10px; }
figcaption { color: #5f5b54; font-size: 0.8rem; } .question, .user { text-align: right; font-style: italic; }`;

/** The words of an element of the transcript, a line for each paragraph. */
export function asText(element) {
  return `${[...element.querySelectorAll('p, figure')].map(line).join('\n\n')}\n`;
}

function line(paragraph) {
  const text = paragraph.textContent.trim();
  if (paragraph.matches('figure')) {
    return `[Picture: ${text}]`;
  }
  if (paragraph.matches('.user')) {
    return text; // which says whose it is
  }
  return paragraph.matches('.divider') ? `– ${text} –` : `${paragraph.matches('.question') ? 'You' : 'MoshiVis'}: ${text}`;
}

/** A page (Blob) with the words and pictures of an element of the transcript, and the sound (Blob) that belongs to them. */
export async function asPage(element, sound) {
  const parts = [...element.querySelectorAll('p, figure')].map((part) => (part.matches('figure') ? figure(part) : paragraph(part)));
  return new Blob([`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A conversation with MoshiVis</title><style>${STYLE}</style></head>
<body>
<audio controls src="${await dataUrl(sound)}"></audio>
${parts.join('\n')}
</body>
</html>
`], { type: 'text/html' });
}

function figure(part) {
  const text = escaped(part.textContent.trim());
  return `<figure><img src="${drawn(part.querySelector('img'))}" alt="${text}"><figcaption>${text}</figcaption></figure>`;
}

function paragraph(part) {
  const words = [...part.childNodes].map((piece) => (piece instanceof Element && piece.matches('.gate')
    ? `<span style="${look(piece)}">${escaped(piece.textContent)}</span>` : escaped(piece.textContent)));
  return `<p class="${part.className}">${words.join('')}</p>`;
}

function look(piece) {
  const { backgroundColor, borderBottom } = getComputedStyle(piece);
  return `background-color: ${backgroundColor}; border-bottom: ${borderBottom}`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function drawn(image) {
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/jpeg', 0.85);
}

function dataUrl(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}
