/** Chooses how sound travels: Opus where the browser has it and nobody needs every sample, else plain samples. */

import { OpusCodec } from './opus-codec.js';
import { PcmCodec } from './pcm-codec.js';

/** The class of the codec to use; its `format` is what the server is asked for. `lossless` asks for plain samples. */
export async function chooseCodec(lossless) {
  return !lossless && (await OpusCodec.isSupported()) ? OpusCodec : PcmCodec;
}
