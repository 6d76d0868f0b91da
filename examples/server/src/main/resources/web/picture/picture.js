/** Makes any picture fit to be sent: upright, of moderate size, without the notes cameras hide in files. */

import { Problem } from '../wire/reasons.js';

/** The model looks at 448 pixels or so; twice that leaves room for its own cropping and costs little time to send. */
const LONGEST_SIDE = 1024;
const SMALLEST_SIDE = 64;
const QUALITIES = [0.88, 0.75, 0.6];
const TYPE = 'image/jpeg';

/** A picture ready to be shown and sent. Release its `url` when it is no longer shown. */
class Picture {
  constructor(blob, description) {
    this.blob = blob;
    this.description = description;
    this.url = URL.createObjectURL(blob);
  }

  release() {
    URL.revokeObjectURL(this.url);
  }
}

/** From a file that a person chose, dropped or pasted. */
export async function pictureFromFile(file, description, maxBytes) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new Problem(`This browser cannot read “${file.name || 'that'}” as a picture. Choose a JPEG, PNG or WebP file.`);
  }
  const blob = await compress(bitmap, bitmap.width, bitmap.height, maxBytes);
  bitmap.close();
  return new Picture(blob, description);
}

/** From an element of this page: a gallery picture, or the camera's view. */
export async function pictureFromElement(element, description, maxBytes) {
  const width = element.videoWidth || element.naturalWidth;
  const height = element.videoHeight || element.naturalHeight;
  return new Picture(await compress(element, width, height, maxBytes), description);
}

/** Redraws and compresses until it is small enough: first with less quality, then with fewer pixels. */
async function compress(source, width, height, maxBytes) {
  for (let side = LONGEST_SIDE; side >= SMALLEST_SIDE; side /= 2) {
    const canvas = draw(source, width, height, side);
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => canvas.toBlob(done, TYPE, quality));
      if (blob !== null && blob.size <= maxBytes) {
        return blob;
      }
    }
  }
  throw new Problem('This picture could not be made small enough for the server. Choose another one.');
}

function draw(source, width, height, longestSide) {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = 'white'; // under what is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}
