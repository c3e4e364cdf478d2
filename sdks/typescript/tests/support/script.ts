/** Scripts that use the built package, in processes of their own. */
import { execFile } from "node:child_process";
import { type Script, ScriptedServer } from "./scripted-server.js";

/** Runs a script in the package's folder, so that it finds the package by its name. */
export async function run(kind: "module" | "commonjs", code: string, script?: Script) {
  await using server = await ScriptedServer.start(script);
  const env = { PATH: process.env.PATH, LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
  const { status, output } = await new Promise<{ status: unknown; output: string }>((resolve) => {
    const cwd = new URL("../..", import.meta.url);
    execFile(process.execPath, [`--input-type=${kind}`, "-e", code], { cwd, env }, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, output: stdout + stderr }),
    );
  });
  return { status, output, sent: server.received };
}
