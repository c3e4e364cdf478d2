// @ts-check
import assert from "node:assert/strict";
import { eventually } from "../harness/eventually.mjs";
import { Program } from "../harness/process.mjs";
import { scenario } from "../harness/scenario.mjs";

const RUN = new URL("../../examples/customer-log/run", import.meta.url).pathname;
const SECRET = "the same for the application and its log";
const CLAIMS = ["--jwt-audience", "livetrail", "--jwt-role-claim", "role", "--jwt-tenant-claim", "tenant"];

/**
 * The example, from whose page the server then takes calls.
 * @param {import("../harness/server.mjs").Server} server
 */
async function started(server) {
  const settings = { PORT: "0", LIVETRAIL_URL: server.url, LIVETRAIL_KEY: await server.key("writer") };
  const program = await Program.start(RUN, [], { ...process.env, ...settings, JWT_SECRET_KEY: SECRET });
  server.flags.push("--cors-origin", program.address);
  await server.stop();
  await server.restart();
  return program;
}

scenario(
  "customers see the log of their own company, live, and nothing of another",
  async ({ server, browser }) => {
    const example = await started(server);
    const page = await browser.newPage();
    try {
      const sentences = () => page.locator(".livetrail-sentence").allTextContents();
      /** @param {string[]} expected */
      const shows = (...expected) => eventually(async () => assert.deepEqual(await sentences(), expected));
      const live = () => page.locator(".livetrail-badge", { hasText: "Live" }).waitFor();

      await page.goto(example.address);
      await page.getByRole("button", { name: "Ada of Acme" }).click();
      await shows("ada signed in");
      await live();
      await page.getByRole("button", { name: "Recall a parcel" }).click();
      await page.getByText("The parcel has left the building").waitFor();
      const [recalled] = await sentences();

      await page.getByRole("button", { name: "Grace of Globex" }).click();
      await shows("grace signed in");
      await live();
      await server.post({ user_id: "ada", action_type: "parcel_sent", tenant_id: "acme" });
      await server.post({ user_id: "gina", action_type: "user_login", tenant_id: "globex" });
      await shows("gina signed in", "grace signed in");

      await page.getByRole("button", { name: "Bo of Acme" }).click();
      await eventually(async () => assert.equal((await sentences()).at(-2), recalled));
      assert.equal((await sentences()).at(-1), "ada signed in");
      assert.ok(!(await page.textContent("main"))?.includes("grace"));
    } finally {
      // It would ask the example for its next token.
      await page.close();
      await example.stop();
    }
  },
  {},
  ["--jwt-secret-key", SECRET, ...CLAIMS],
);
