// @vitest-environment jsdom
/** The README's way from a tenant's token to its log, with the real server, where LIVETRAIL_BINARY says where it is. */
import { createHmac } from "node:crypto";
import { act, cleanup, render, screen } from "@testing-library/react";
import { EventSource } from "eventsource";
import * as React from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Livetrail } from "../src/index.js";
import { ActivityFeed } from "../src/react.js";
import { declared } from "./support/declared.js";
import { click, says, sentences } from "./support/feed.js";
import { BINARY, LivetrailBinary } from "./support/livetrail-binary.js";
import { snippets } from "./support/snippets.js";

const SECRET = "a secret of the application, and of its log";
const until = (fact: () => void) => vi.waitFor(fact, { timeout: 15_000, interval: 10 });

/** As the package `jose` makes them. */
class SignJWT {
  readonly #claims: Record<string, unknown>;
  #header = {};

  constructor(claims: Record<string, unknown>) {
    this.#claims = { ...claims };
  }
  setProtectedHeader(header: object): this {
    this.#header = header;
    return this;
  }
  setAudience(aud: string): this {
    this.#claims.aud = aud;
    return this;
  }
  setExpirationTime(time: string): this {
    this.#claims.exp = Math.floor(Date.now() / 1_000) + Number.parseInt(time, 10) * 60;
    return this;
  }
  async sign(secret: Uint8Array): Promise<string> {
    const parts = [this.#header, this.#claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signature = createHmac("sha256", secret).update(parts.join(".")).digest("base64url");
    return [...parts, signature].join(".");
  }
}

/** The options of the README's command, without the program and the address of its page. */
function options(): string[] {
  const command = snippets("README.md").find(({ code }) => code.includes("--jwt-tenant-claim"))?.code ?? "";
  return command.replaceAll("\\\n", " ").trim().split(/\s+/).slice(2);
}

/** The application: its route for tokens, and who is signed in. */
async function application(server: LivetrailBinary) {
  const session = { tenant: "acme", user: { id: "customer" } };
  vi.stubEnv("JWT_SECRET_KEY", SECRET);
  const auth = async () => session;
  const route = await declared<() => Promise<Response>>("new SignJWT({ sub", "POST", { auth, SignJWT });
  const { fetch } = globalThis;
  const tokens = { count: 0 };
  vi.stubGlobal("EventSource", EventSource);
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    if (url !== "/api/log-token") return fetch(url, init);
    tokens.count += 1;
    return route();
  });
  const given = { React, ActivityFeed, livetrail: server.url };
  const Log = await declared<() => React.ReactNode>("function CustomerLog", "CustomerLog", given);
  return { Log, session, tokens };
}

function recorder(server: LivetrailBinary) {
  const client = new Livetrail({ url: server.url, key: server.key("writer"), onError: () => {} });
  return (tenantId: string, userId: string) => {
    client.record({ tenantId, userId, action: "user_login", success: userId !== "mallory" });
    return client.flush();
  };
}

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

describe.skipIf(!BINARY)("the component, with the real server", () => {
  it("shows the log of the token's tenant and of no other, live, filtered, and over a crash", {
    timeout: 60_000,
  }, async () => {
    await using server = await LivetrailBinary.start(options(), { JWT_SECRET_KEY: SECRET });
    const record = recorder(server);
    const { Log, tokens } = await application(server);
    await record("acme", "ada");
    await record("globex", "grace");
    render(<Log />);
    await until(() => expect(sentences()).toEqual([expect.stringContaining("ada")]));
    await says("Live");

    await record("globex", "grace");
    await record("acme", "mallory");
    const shown = [expect.stringContaining("mallory"), expect.stringContaining("ada")];
    await until(() => expect(sentences()).toEqual(shown));

    await server.kill();
    await until(() => expect(document.querySelector("[data-state=waiting]")).not.toBeNull());
    await server.restart();
    await record("globex", "grace");
    await record("acme", "bo");
    await until(() => expect(sentences()).toEqual([expect.stringContaining("bo"), ...shown]));
    expect(tokens.count).toBeGreaterThan(2);

    const result = screen.getByLabelText<HTMLSelectElement>("Result");
    act(() => {
      result.value = "false";
      result.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await until(() => expect(sentences()).toEqual(shown.slice(0, 1)));
    await says("Live");
    click(/mallory/);
    expect(document.querySelector(".livetrail-facts")?.textContent).toContain("Usermallory");
    expect(document.body.textContent).not.toContain("grace");
  });

  it("shows the log of another tenant under another key, and nothing of the former one", async () => {
    await using server = await LivetrailBinary.start(options(), { JWT_SECRET_KEY: SECRET });
    const record = recorder(server);
    const { Log, session } = await application(server);
    await record("acme", "ada");
    await record("globex", "grace");
    const { rerender } = render(<Log key="acme" />);
    await until(() => expect(sentences()).toEqual([expect.stringContaining("ada")]));
    await says("Live");
    session.tenant = "globex";
    rerender(<Log key="globex" />);
    await until(() => expect(sentences()).toEqual([expect.stringContaining("grace")]));
    await says("Live");
    await record("acme", "ada");
    await record("globex", "gina");
    const shown = [expect.stringContaining("gina"), expect.stringContaining("grace")];
    await until(() => expect(sentences()).toEqual(shown));
  });

  it("shows nothing without a token, and nothing of other tenants when the page asks for them", async () => {
    await using server = await LivetrailBinary.start(options(), { JWT_SECRET_KEY: SECRET });
    await recorder(server)("globex", "grace");
    const { Log, session } = await application(server);
    session.tenant = "";
    const { unmount } = render(<Log />);
    await until(() => expect(screen.getByRole("alert").textContent).toContain("You are signed out"));
    session.tenant = "acme";
    await until(() => expect(screen.queryByRole("alert")).toBeNull());
    await says("Live");
    unmount();

    session.tenant = "acme";
    const { token } = await (await fetch("/api/log-token", { method: "POST" })).json();
    render(
      <ActivityFeed
        url={`${server.url}/api/admin/activity/stream`}
        token={token}
        filter={{ tenant_id: "globex" }}
      />,
    );
    await until(() => expect(screen.getByRole("alert").textContent).toContain("You may not see this log"));
    expect(sentences()).toEqual([]);
  });
});
