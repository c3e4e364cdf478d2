// Follows the live stream with npm's `eventsource`: LIVETRAIL_KEY=… node node-eventsource.mjs URL
import { EventSource } from "eventsource";

const Authorization = `Bearer ${process.env.LIVETRAIL_KEY}`;

const events = new EventSource(process.argv[2], {
  fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, Authorization } }),
});
// It comes back by itself, with the id of the last message.
events.addEventListener("message", (event) => console.log(event.data));
events.addEventListener("error", (event) => console.error(event.message ?? "the stream ended"));
