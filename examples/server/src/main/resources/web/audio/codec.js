/** Chooses how sound travels: Opus where the browser has it, plain samples where it has not. */

import { OpusCodec } from './opus-codec.js';
import { PcmCodec } from './pcm-codec.js';

/** The class of the codec to use; its `format` is what the server is asked for. */
export async function chooseCodec() {
  return (await OpusCodec.isSupported()) ? OpusCodec : PcmCodec;
}
