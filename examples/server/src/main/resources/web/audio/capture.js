/** What a source sounds like, as 20 ms blocks of 24 kHz mono. */

import { addWorklet } from './worklets.js';

const WORKLET = new URL('capture-worklet.js', import.meta.url);

/** Delivers blocks (Float32Array, -1 to 1) of an audio node until the returned function is called. */
export async function capture(source, onBlock) {
  await addWorklet(source.context, WORKLET);
  const node = new AudioWorkletNode(source.context, 'capture', { numberOfOutputs: 0 });
  node.port.onmessage = ({ data }) => onBlock(data);
  source.connect(node);
  return () => {
    node.port.onmessage = null;
    node.port.postMessage('stop');
    source.disconnect();
  };
}
