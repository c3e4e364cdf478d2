/** A sandbox of an edge runtime: the globals of the web and, as Next.js lays them, traps in place of Node's. */
import { EdgeVM } from "@edge-runtime/vm";
import { build, type Rollup } from "vite";

const UNSUPPORTED = ["CompressionStream", "DecompressionStream", "BroadcastChannel", "MessageChannel"];

/** Runs the body of an async function in the sandbox, with the package as `sdk`. `has` are globals that are no traps. */
export async function inEdgeRuntime<T>(
  body: string,
  environment: Record<string, string>,
  has: Record<string, unknown> = {},
  entry = "src/index.ts",
  modules: Record<string, string> = {},
): Promise<T> {
  const runtime = new EdgeVM({ extend: (context) => layTraps(context, environment, has) });
  runtime.evaluate(await bundle(entry, modules));
  return JSON.parse(await runtime.evaluate(`(async () => { ${body} })().then(JSON.stringify)`)) as T;
}

/** The package as one script: the sandbox has no modules. `modules` stand for those of a platform. */
async function bundle(entry: string, modules: Record<string, string>): Promise<string> {
  const [{ output }] = (await build({
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "platform",
        enforce: "pre",
        resolveId: (id) => (modules[id] ? id : null),
        load: (id) => modules[id],
      },
    ],
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "sdk" } },
  })) as Rollup.RollupOutput[] as [Rollup.RollupOutput];
  return `${output[0].code}\nglobalThis.sdk = sdk;`;
}

/** Next.js gives functions of Node that throw when they are called, and no other parts of the process. */
function layTraps<C extends object>(
  context: C,
  env: Record<string, string>,
  has: Record<string, unknown>,
): C {
  const trapped = new Proxy(process, {
    get: (target, name) => {
      if (name === "env") return env;
      const isFunction = typeof Reflect.get(target, name) === "function";
      return isFunction ? () => refuse(`process.${String(name)}`) : undefined;
    },
  });
  Object.defineProperty(context, "process", { value: trapped });
  for (const name of UNSUPPORTED) {
    Object.defineProperty(context, name, { get: () => has[name] ?? (() => refuse(name)) });
  }
  return context;
}

function refuse(name: string): never {
  throw new Error(`A Node.js API is used (${name}) which is not supported in the Edge Runtime.`);
}
