/** The camera dialog: a live view and a button. Closes the camera however the dialog is left. */

import { pictureFromElement } from './picture.js';
import { openDevice } from '../wire/reasons.js';

export class Camera {
  #dialog;
  #video;
  #stream = null;

  /** The dialog holds a `video` and a button `[data-action=shoot]`; `onPicture` gets what was taken. */
  constructor(dialog, { maxBytes, onPicture, onProblem }) {
    this.#dialog = dialog;
    this.#video = dialog.querySelector('video');
    dialog.addEventListener('close', () => this.#release());
    dialog.querySelector('[data-action=shoot]').addEventListener('click', async () => {
      try {
        onPicture(await pictureFromElement(this.#video, 'Your picture from the camera', maxBytes));
        dialog.close();
      } catch (problem) {
        onProblem(problem.message);
      }
    });
  }

  /** Opens camera and dialog; throws a Problem where there is no camera. */
  async open() {
    this.#stream = await openDevice({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
    this.#video.srcObject = this.#stream;
    this.#dialog.showModal();
    await this.#video.play();
  }

  #release() {
    this.#stream.getTracks().forEach((track) => track.stop());
    this.#video.srcObject = null;
  }
}
