/** Compresses bodies where the runtime can. */
import { globalNamed, nodeModule } from "../runtime.js";

/** From here on compression is worth its while. */
const COMPRESS_FROM = 1_024;

export interface Body {
  body: string | ArrayBuffer | Uint8Array<ArrayBuffer>;
  encoding: { "Content-Encoding"?: string };
}

/** The body as gzip, or as it is where that is small or the runtime cannot compress. */
export async function compressed(json: string): Promise<Body> {
  if (json.length < COMPRESS_FROM) return { body: json, encoding: {} };
  try {
    return { body: await gzip(json), encoding: { "Content-Encoding": "gzip" } };
  } catch {
    // Some runtimes have the class, but refuse to make one.
    return { body: json, encoding: {} };
  }
}

/** Node's own is asked first: a stream of the web costs as much processor time as the whole request. */
function gzip(json: string): Promise<ArrayBuffer | Uint8Array<ArrayBuffer>> {
  const zlib = nodeModule<typeof import("node:zlib")>("node:zlib");
  if (!zlib) return gzipStream(json);
  return new Promise((resolve, reject) =>
    zlib.gzip(json, (error, body) => (error ? reject(error) : resolve(body as Uint8Array<ArrayBuffer>))),
  );
}

async function gzipStream(json: string): Promise<ArrayBuffer> {
  const Compression = globalNamed<typeof CompressionStream>("CompressionStream");
  if (!Compression) throw new Error("this runtime cannot compress");
  return new Response(new Blob([json]).stream().pipeThrough(new Compression("gzip"))).arrayBuffer();
}
