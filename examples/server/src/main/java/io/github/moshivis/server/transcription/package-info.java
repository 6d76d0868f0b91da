/**
 * Speech to text at {@code /api/asr-streaming}, compatible with Kyutai's moshi-server: messages in MessagePack over a WebSocket, and whole
 * files by POST. Source: {@code rust/moshi-server/src/asr.rs} and {@code batched_asr.rs} of kyutai-labs/moshi.
 */
package io.github.moshivis.server.transcription;
