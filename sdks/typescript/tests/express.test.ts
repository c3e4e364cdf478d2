import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { activityMiddleware } from "../src/express.js";
import { Livetrail } from "../src/index.js";
import { ScriptedServer } from "./support/scripted-server.js";

describe("activityMiddleware", () => {
  it("records each response that is described, with what the request tells", async () => {
    await using log = await ScriptedServer.start();
    const client = new Livetrail({ url: log.url, key: "k" });
    const middleware = activityMiddleware({
      client,
      describe: ({ url }) =>
        url === "/health" ? null : { userId: "u-1", action: "document_upload", entityId: 7 },
    });
    const app = createServer((request, response) => {
      middleware(request, response, () => response.writeHead(413).end());
    });
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    const headers = { "user-agent": "curl/8", connection: "close", "x-forwarded-for": "6.6.6.6" };
    await fetch(`${url}/documents?token=x`, { method: "PUT", headers, body: "x" });
    await fetch(`${url}/health`, { headers });
    await new Promise((resolve) => app.close(resolve));
    await client.close();
    expect(log.activities).toMatchObject([
      {
        user_id: "u-1",
        action_type: "document_upload",
        target_resource_id: "7",
        endpoint: "/documents",
        http_method: "PUT",
        status_code: 413,
        ip_address: "127.0.0.1",
        user_agent: "curl/8",
        duration_ms: expect.any(Number),
      },
    ]);
  });
});
