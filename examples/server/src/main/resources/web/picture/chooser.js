/** Every way to a picture: gallery, upload, drag and drop, paste, camera, or none. Works before and during a talk. */

import { Camera } from './camera.js';
import { gallery } from './gallery.js';
import { pictureFromElement, pictureFromFile } from './picture.js';

export class PictureChooser {
  #gallery;
  #maxBytes;
  #listener;
  #latest = 0;

  /** The listener has `onPicture(picture or null)` and `onProblem(text)`. */
  constructor({ maxImageBytes, image, nano }, listener) {
    this.#gallery = document.getElementById('gallery');
    this.#maxBytes = maxImageBytes;
    this.#listener = listener;
    gallery(nano).forEach((entry, i) => this.#gallery.append(this.#thumbnail(entry, i)));
    this.#acceptUploads(document.getElementById('upload'));
    this.#acceptDrops(document.body);
    this.#acceptPaste();
    this.#offerCamera(document.getElementById('camera'));
    const none = document.getElementById('no-picture');
    none.hidden = image === 'required';
    none.addEventListener('click', () => this.#choose(none, async () => null));
  }

  /** Chooses a gallery picture, as if it had been clicked. */
  chooseFirst() {
    this.#gallery.querySelector('button').click();
  }

  #thumbnail({ url, title, description }, index) {
    const button = thumbnail(url, title, description);
    const image = button.firstChild;
    button.dataset.index = index;
    button.addEventListener('click', () => this.#choose(button, async () => {
      await image.decode();
      return pictureFromElement(image, description, this.#maxBytes);
    }));
    return button;
  }

  /** The user's own picture stays among the others, to be chosen again. */
  #keep(picture) {
    const button = thumbnail(picture.url, picture.description, picture.description);
    button.addEventListener('click', () => {
      this.#latest++;
      this.#show(button, picture);
    });
    this.#gallery.prepend(button);
    this.#gallery.scrollLeft = 0;
    return button;
  }

  #acceptUploads(input) {
    input.addEventListener('change', () => {
      this.#chooseFile(input.files[0], 'Your picture');
      input.value = ''; // so that the same file can be chosen again
    });
  }

  #acceptDrops(target) {
    let depth = 0; // dragenter and dragleave also come from children
    const show = (change) => {
      depth = change === 0 ? 0 : depth + change;
      document.body.classList.toggle('dropping', depth > 0);
    };
    const carriesFile = (event) => event.dataTransfer.types.includes('Files');
    target.addEventListener('dragenter', (event) => carriesFile(event) && show(1));
    target.addEventListener('dragleave', (event) => carriesFile(event) && show(-1));
    target.addEventListener('dragover', (event) => carriesFile(event) && event.preventDefault());
    target.addEventListener('drop', (event) => {
      if (carriesFile(event)) {
        event.preventDefault();
        show(0);
        this.#chooseFile(event.dataTransfer.files[0], 'The picture you dropped');
      }
    });
  }

  #acceptPaste() {
    document.addEventListener('paste', (event) => {
      if (event.clipboardData.files.length > 0) {
        event.preventDefault();
        this.#chooseFile(event.clipboardData.files[0], 'The picture you pasted');
      }
    });
  }

  #offerCamera(button) {
    const camera = new Camera(document.getElementById('camera-dialog'), {
      maxBytes: this.#maxBytes,
      onPicture: (picture) => this.#choose(null, async () => picture),
      onProblem: (text) => this.#listener.onProblem(text),
    });
    button.addEventListener('click', async () => {
      try {
        await camera.open();
      } catch (problem) {
        this.#listener.onProblem(problem.message);
      }
    });
  }

  #chooseFile(file, description) {
    if (file !== undefined) {
      this.#choose(null, () => pictureFromFile(file, description, this.#maxBytes));
    }
  }

  /** Prepares a picture, for which there is a button or (null) will be one, and shows it unless a later choice has overtaken it. */
  async #choose(button, prepare) {
    const mine = ++this.#latest;
    try {
      const picture = await prepare();
      if (mine === this.#latest) {
        this.#show(button ?? this.#keep(picture), picture);
      } else {
        picture?.release();
      }
    } catch (problem) {
      this.#listener.onProblem(problem.message);
    }
  }

  #show(button, picture) {
    this.#press(button);
    this.#listener.onPicture(picture);
  }

  #press(chosen) {
    document.querySelectorAll('#chooser [aria-pressed]').forEach((button) => {
      button.setAttribute('aria-pressed', String(button === chosen));
    });
  }
}

function thumbnail(url, title, description) {
  const image = new Image();
  image.src = url;
  image.alt = description;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'thumbnail';
  button.title = title;
  button.setAttribute('aria-pressed', 'false');
  button.append(image);
  return button;
}
