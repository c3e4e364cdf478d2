/** Opens a stream: of this page alone, or together with the tabs of the browser that ask for the same. */
import { type ConnectionOptions, OwnStream } from "./own-stream.js";
import type { StreamListener, StreamSource } from "./signal.js";
import { tabName, tabPlatform } from "./tabs/platform.js";
import { TabStream } from "./tabs/tab-stream.js";

export type { ConnectionOptions } from "./own-stream.js";
export type { Pulse, StreamListener, StreamSignal, StreamSource } from "./signal.js";

/** `tabs`: what the stream is known by among tabs; null: it is not shared. */
export function openStream(
  options: ConnectionOptions,
  tell: StreamListener,
  tabs: string | null,
): StreamSource {
  const platform = tabs === null ? null : tabPlatform();
  return platform && tabs !== null
    ? new TabStream(options, tell, tabName(tabs), platform)
    : new OwnStream(options, tell);
}
