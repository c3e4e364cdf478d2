/** A scripted server, a client of it, and what the client complains of. */
import { Livetrail, type LivetrailError, type LivetrailOptions } from "../../src/index.js";
import { type Script, ScriptedServer } from "./scripted-server.js";

export async function world(script?: Script, options: LivetrailOptions = {}) {
  const server = await ScriptedServer.start(script);
  const errors: LivetrailError[] = [];
  const client = new Livetrail({
    url: server.url,
    key: "k",
    onError: (error) => errors.push(error),
    ...options,
  });
  const end = async () => {
    await client.close(0);
    await server[Symbol.asyncDispose]();
  };
  return { server, client, errors, [Symbol.asyncDispose]: end };
}

export const activity = (name: string) => ({ user_id: name, action_type: "test" });

/** Whose activities the server was sent, in order. */
export const users = (server: ScriptedServer) => server.activities.map(({ user_id }) => user_id);
