import type { ExchangeRequest } from '../model/exchange';

const DEFAULT_MAX_BYTES = 65_536;

/** What was read of an answer. */
export interface Reading {
  bytes: number;
  isComplete: boolean;
  text: string;
  body: Uint8Array;
}

/** Reads at most `maxBytes`; `progress` keeps the count when the stream breaks. */
export async function readBody(response: Response, request: ExchangeRequest, progress: { bytes: number }): Promise<Reading> {
  const maxBytes = request.maxBytes ?? DEFAULT_MAX_BYTES;
  const wanted = request.keepBytes ? maxBytes : Math.min(maxBytes, (request.keepText ?? 0) * 4);
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  const result = (isComplete: boolean): Reading => {
    const body = new Uint8Array(keptBytes);
    let at = 0;
    for (const chunk of kept) {
      body.set(chunk, at);
      at += chunk.length;
    }
    return { bytes: progress.bytes, isComplete, body, text: new TextDecoder().decode(body).slice(0, request.keepText ?? 0) };
  };
  if (!response.body) return result(true);
  const reader = response.body.getReader();
  while (true) {
    if (progress.bytes >= maxBytes) {
      // Stopped at once: a server that never ends would hold the connection.
      await reader.cancel().catch(() => undefined);
      return result(false);
    }
    const { done, value } = await reader.read();
    if (done) return result(true);
    progress.bytes += value.length;
    if (keptBytes < wanted) {
      const part = value.subarray(0, wanted - keptBytes);
      kept.push(part);
      keptBytes += part.length;
    }
  }
}

/** What resource timing told of a request that succeeded. */
export async function readTiming(url: string, startedAt: number): Promise<{ protocol: string; hasConnected: boolean }> {
  const find = () =>
    (performance.getEntriesByName(url) as PerformanceResourceTiming[])
      .filter((entry) => entry.startTime >= startedAt - 1)
      .sort((a, b) => a.startTime - b.startTime)[0];
  let entry = find();
  if (!entry) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    entry = find();
  }
  return { protocol: entry?.nextHopProtocol ?? '', hasConnected: entry !== undefined && entry.connectEnd > entry.connectStart };
}
