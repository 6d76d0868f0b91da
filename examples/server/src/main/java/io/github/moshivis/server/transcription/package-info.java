/**
 * Speech to text at {@code /api/asr-streaming}, as Kyutai's moshi-server speaks it: messages in MessagePack over a WebSocket, and whole
 * files by POST. Source: {@code rust/moshi-server/src/asr.rs} and {@code batched_asr.rs} of kyutai-labs/moshi.
 */
package io.github.moshivis.server.transcription;
